"""The services as processes, set up to find each other."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from sentistream_local.pid_files import PidFiles
from sentistream_local.ports import HOST, free_port
from sentistream_local.program import Program


class LocalPipeline:
    """Starts services against one database and one broker, and stops them in the order of the stream."""

    def __init__(self, *, redis_url: str, database_url: str, logs: Path, pid_files: PidFiles | None = None) -> None:
        self._logs = logs
        self._pid_files = pid_files
        self._environment = {
            "SENTISTREAM_REDIS_URL": redis_url,
            "SENTISTREAM_DATABASE_URL": database_url,
            "SENTISTREAM_METRICS_HOST": HOST,
        }
        self.programs: list[Program] = []
        self.operations_urls: dict[str, str] = {}
        """Where each service serves /metrics, /healthz and /readyz, by its name."""

    def log_of(self, name: str) -> Path:
        return self._logs / f"{name}.log"

    def start(
        self,
        module: str,
        name: str,
        *,
        arguments: Sequence[str] = (),
        settings: Mapping[str, str] | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> Program:
        """Start a service; `settings` are SENTISTREAM_ variables without the prefix, `environment` others."""
        metrics_port = free_port()
        program = Program(
            name,
            [sys.executable, "-m", module, *arguments],
            self.log_of(name),
            environment={
                **(environment or {}),
                **self._environment,
                "SENTISTREAM_POD_NAME": name,
                "SENTISTREAM_METRICS_PORT": str(metrics_port),
                **{f"SENTISTREAM_{key}": value for key, value in (settings or {}).items()},
            },
            pid_files=self._pid_files,
        )
        self.programs.append(program)
        self.operations_urls[name] = f"http://{HOST}:{metrics_port}"
        return program

    def start_worker(self, name: str, settings: Mapping[str, str] | None = None) -> Program:
        """Start a worker and return when it reads the stream."""
        program = self.start("sentistream_worker", name, settings=settings)
        program.wait_until(lambda: answers(f"{self.operations_urls[name]}/readyz"))
        return program

    def start_api(self, name: str, port: int, settings: Mapping[str, str] | None = None) -> Program:
        """Start an API and return when it is ready."""
        program = self.start(
            "sentistream_api", name, settings={"API_HOST": HOST, "API_PORT": str(port), **(settings or {})}
        )
        program.wait_until(lambda: answers(f"http://{HOST}:{port}/readyz"))
        return program

    def start_upkeep(self, name: str = "upkeep", settings: Mapping[str, str] | None = None) -> Program:
        """Start upkeep and return when it is ready."""
        program = self.start("sentistream_upkeep", name, settings=settings)
        program.wait_until(lambda: answers(f"{self.operations_urls[name]}/readyz"))
        return program

    def stop(self) -> None:
        """Stop what was started last first: the ingester before the workers, the workers before the API."""
        for program in reversed(self.programs):
            program.stop()


def answers(url: str) -> bool:
    """Whether a request to a server of this machine succeeds."""
    try:
        with urlopen(url, timeout=2) as response:  # noqa: S310 (always http to this machine)
            return bool(response.status == 200)  # noqa: PLR2004 (an HTTP status)
    except (HTTPError, URLError, OSError):
        return False
