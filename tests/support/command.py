"""The operator's command, run as an operator runs it."""

import os
import subprocess
import sys


class Command:
    """`sentistream` with settings of its own; the keywords are SENTISTREAM_ variables without the prefix."""

    def __init__(self, redis_url: str, database_url: str, **settings: str) -> None:
        urls = {"REDIS_URL": redis_url, "DATABASE_URL": database_url}
        self._environment = os.environ | {f"SENTISTREAM_{name}": value for name, value in (urls | settings).items()}

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "sentistream_cli", *arguments],
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
