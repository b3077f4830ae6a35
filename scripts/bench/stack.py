"""The system under test, on this machine, on free ports, in a temporary folder that is deleted at the end."""

import asyncio
import shutil
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvloop
from pydantic import AnyUrl
from redis.asyncio import Redis

from bench.report import say
from sentistream_core.broker.client import connect
from sentistream_core.broker.settings import BrokerSettings
from sentistream_core.database.migration import migrate
from sentistream_core.database.pool import Pool, create_pool
from sentistream_local.guardian import guarded
from sentistream_local.pipeline import LocalPipeline
from sentistream_local.ports import HOST, free_port
from sentistream_local.postgres import Postgres
from sentistream_local.program import Program, StartError
from sentistream_local.signals import asking_to_end
from sentistream_local.valkey import Valkey


@dataclass(frozen=True, slots=True)
class Stack:
    """Servers set up as `make run` sets them up, an API, and workers as they are started."""

    postgres: Postgres
    valkey: Valkey
    database_url: str
    services: LocalPipeline
    api: Program
    api_port: int
    upkeep: Program
    workers: list[Program] = field(default_factory=list)

    @property
    def websocket_url(self) -> str:
        return f"ws://{HOST}:{self.api_port}/ws/sentiment"

    def programs(self) -> dict[str, Program]:
        """Everything that runs, by the name of its row in a table."""
        return {
            **{worker.name: worker for worker in self.workers},
            "postgresql": self.postgres.program,
            "valkey": self.valkey.program,
            "api": self.api,
            "upkeep": self.upkeep,
        }

    def start_worker(
        self,
        module: str = "sentistream_worker",
        *,
        settings: Mapping[str, str] | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Start a worker and return when it reads the stream."""
        name = f"worker-{len(self.workers) + 1}"
        worker = self.services.start(module, name, settings=settings, environment=environment)
        log = self.services.log_of(name)
        worker.wait_until(lambda: "worker started" in log.read_text())
        self.workers.append(worker)

    async def stop_workers(self) -> None:
        """Stop them all at the same time."""
        await asyncio.gather(*(asyncio.to_thread(worker.stop) for worker in self.workers))
        self.workers.clear()

    def redis(self) -> Redis:
        return connect(BrokerSettings(redis_url=AnyUrl(self.valkey.url)), "bench")

    def pool(self) -> Pool:
        return create_pool(AnyUrl(self.database_url), name="bench", size=2, timeout_seconds=60)


@contextmanager
def running_stack(upkeep: Mapping[str, str] | None) -> Iterator[Stack]:
    """Start PostgreSQL, Valkey, the API and upkeep; end them and the workers, whatever happens.

    Raises:
        StartError: a program did not come up; the message holds the end of its log.
    """
    with ExitStack() as exits:
        folder = Path(tempfile.mkdtemp(prefix="sentistream-bench-"))
        exits.callback(shutil.rmtree, folder, ignore_errors=True)
        folder.chmod(0o755)  # PostgreSQL may have to run as another user
        say("starting PostgreSQL, Valkey, the API and upkeep")
        pid_files = exits.enter_context(guarded(folder / "pids", folder / "guardian.log"))
        postgres = Postgres(folder / "postgresql", folder / "postgresql.log", pid_files=pid_files)
        exits.callback(shutil.rmtree, postgres.folder, ignore_errors=True)  # may be elsewhere, where it can be reached
        exits.callback(postgres.stop)
        valkey = Valkey(folder / "valkey", folder / "valkey.log", pid_files=pid_files)
        exits.callback(valkey.stop)
        database_url = postgres.create_database("sentistream")
        migrate(AnyUrl(database_url))
        services = LocalPipeline(redis_url=valkey.url, database_url=database_url, logs=folder, pid_files=pid_files)
        exits.callback(services.stop)
        port = free_port()
        api = services.start_api("api", port)
        yield Stack(postgres, valkey, database_url, services, api, port, services.start_upkeep(settings=upkeep))


def run_on_stack(
    measure: Callable[[Stack], Coroutine[Any, Any, None]], *, upkeep: Mapping[str, str] | None = None
) -> None:
    """Run a benchmark on a stack of its own; a termination signal stops everything that it started.

    `upkeep` are settings of upkeep, SENTISTREAM_ variables without the prefix.
    """
    for number in asking_to_end():
        signal.signal(number, signal.default_int_handler)
    try:
        with running_stack(upkeep) as stack:
            uvloop.run(measure(stack))
    except KeyboardInterrupt:
        say("stopped")
        sys.exit(130)
    except StartError:
        traceback.print_exc()
        sys.exit(1)
