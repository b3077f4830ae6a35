"""`make run` and `make dev`: the whole pipeline on this machine, until Ctrl-C or the end of its terminal."""

import argparse
import os
import shlex
import signal
import sys
import threading
from contextlib import ExitStack
from pathlib import Path

from pydantic import AnyUrl

from sentistream_core.database.migration import migrate
from sentistream_ingester.registry import SOURCES
from sentistream_local.data_folder import PID_FILES, locked
from sentistream_local.guardian import end_left_behind, guarded
from sentistream_local.pipeline import LocalPipeline
from sentistream_local.ports import HOST, is_free
from sentistream_local.postgres import Postgres
from sentistream_local.program import Program, StartError
from sentistream_local.progress import Progress, StatusLine
from sentistream_local.signals import asking_to_end
from sentistream_local.valkey import Valkey
from sentistream_local.vite import start_vite

_REPOSITORY = Path(__file__).parent.parent.parent
_FRONTEND = _REPOSITORY / "frontend"
_SIMULATED = "simulate"


def main() -> None:
    options = _options()
    stop = threading.Event()
    for number in asking_to_end():
        signal.signal(number, lambda *_: stop.set())
    try:
        with ExitStack() as stack:
            _run(options, stop, stack)
    except StartError as error:
        print(f"\n{error}", file=sys.stderr)
        raise SystemExit(1) from None


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="make run",
        description="Runs PostgreSQL, a Redis-protocol server, an ingester, workers with the real model, the "
        "API and the dashboard on this machine. With make, give options as variables: make run RATE=2000 WORKERS=2.",
    )
    parser.add_argument("--rate", type=float, default=200, help="simulated posts per second; 0: none (default: 200)")
    parser.add_argument(
        "--pattern",
        choices=("steady", "bursts", "wave"),
        default="steady",
        help="how the rate varies (default: steady)",
    )
    parser.add_argument(
        "--source",
        type=shlex.split,
        default=[_SIMULATED],
        metavar="COMMAND",
        help="where the posts come from: a command of sentistream-ingester with its arguments, such as bluesky or "
        "'feed https://news.example/rss.xml', which takes its settings from the environment (default: simulate)",
    )
    parser.add_argument(
        "--replay", type=Path, help="read the posts from this file instead (NDJSON, CSV or plain lines)"
    )
    parser.add_argument("--workers", type=int, default=1, help="worker processes (default: 1)")
    parser.add_argument("--port", type=int, default=8000, help="port of API and dashboard (default: 8000)")
    parser.add_argument(
        "--data", type=Path, default=_REPOSITORY / ".local", help="folder for data and logs (default: .local)"
    )
    parser.add_argument(
        "--vite-port", type=int, help="serve the dashboard from its source, on this port (make dev; default: as built)"
    )
    options = parser.parse_args()
    if options.workers < 1:
        parser.error(f"--workers takes a whole number from 1, not {options.workers}")
    if options.rate < 0:
        parser.error(f"--rate takes a number from 0, not {options.rate}")
    if options.source[:1] not in ([each.name] for each in SOURCES):
        names = ", ".join(each.name for each in SOURCES)
        parser.error(f"--source takes a command of sentistream-ingester ({names}), not {shlex.join(options.source)!r}")
    if options.replay and not options.replay.exists():
        parser.error(f"--replay: there is no file {options.replay}")
    return options


def _run(options: argparse.Namespace, stop: threading.Event, stack: ExitStack) -> None:
    data, logs = options.data.resolve(), options.data.resolve() / "logs"
    progress = Progress()
    stack.enter_context(locked(data))
    end_left_behind(data / PID_FILES, progress.say)
    _check_ports(options)
    pid_files = stack.enter_context(guarded(data / PID_FILES, logs / "guardian.log"))
    with progress.step("PostgreSQL"):
        postgres = Postgres(data / "postgresql", logs / "postgresql.log", pid_files=pid_files)
        stack.callback(postgres.stop)
        database_url = postgres.create_database("sentistream")
    with progress.step("Valkey"):
        valkey = Valkey(data / "valkey", logs / "valkey.log", pid_files=pid_files)
        stack.callback(valkey.stop)
    with progress.step("Database migrations"):
        migrate(AnyUrl(database_url))
    servers = [postgres.program, valkey.program]
    pipeline = LocalPipeline(redis_url=valkey.url, database_url=database_url, logs=logs, pid_files=pid_files)
    stack.callback(progress.say, "Stopped.")
    stack.callback(pipeline.stop)
    stack.callback(progress.say, "\nStopping; what is in work is finished first.")
    api_url = f"http://{HOST}:{options.port}"
    with progress.step("API and dashboard"):
        built = _FRONTEND / "dist"
        is_served = built.exists() and not options.vite_port
        pipeline.start_api("api", options.port, {"DASHBOARD_DIR": str(built)} if is_served else None)
    if options.vite_port:
        with progress.step("Dashboard from its source"):
            servers.append(start_vite(_FRONTEND, options.vite_port, api_url, logs / "vite.log", pid_files=pid_files))
            stack.callback(servers[-1].stop)
    for number in range(1, options.workers + 1):
        with progress.step(f"Worker {number} of {options.workers}"):
            pipeline.start_worker(f"worker-{number}", {"WORKER_THREADS": str(_threads(options.workers))})
    with progress.step("Upkeep"):
        pipeline.start_upkeep()
    if options.replay:
        pipeline.start("sentistream_ingester", "ingester", arguments=["replay", str(options.replay.resolve())])
    elif options.source != [_SIMULATED]:
        pipeline.start("sentistream_ingester", "ingester", arguments=options.source)
    elif options.rate:
        pipeline.start(
            "sentistream_ingester",
            "ingester",
            settings={"INGESTER_RATE": str(options.rate), "INGESTER_PATTERN": options.pattern},
        )
    progress.say(
        f"\nSentiStream runs.\n"
        f"  Dashboard  http://{HOST}:{options.vite_port or options.port}\n"
        f"  API        {api_url}/docs\n"
        f"  Database   {database_url}\n"
        f"  Broker     {valkey.url}\n"
        f"  Logs       {logs}\n"
        "Ctrl-C stops all of it; the data stay.\n"
    )
    _watch(pipeline, servers, StatusLine(api_url), stop)


def _check_ports(options: argparse.Namespace) -> None:
    """Refuse to start where another program has a port that is asked for.

    Raises:
        StartError: one has.
    """
    for variable, command, port in (("PORT", "run", options.port), ("VITE_PORT", "dev", options.vite_port)):
        if port and not is_free(port):
            raise StartError(
                f"Port {port} is in use by another program. Choose another one: make {command} {variable}={port + 1}"
            )


def _watch(pipeline: LocalPipeline, servers: list[Program], status: StatusLine, stop: threading.Event) -> None:
    while not stop.wait(1.0):
        for program in [*servers, *pipeline.programs]:
            if program.is_running:
                continue
            if program.name == "ingester" and program.process.returncode == 0:
                continue  # a replayed file has an end
            raise StartError(
                f"{program.name} ended with status {program.process.returncode}. The end of {program.log}:\n"
                f"{program.tail()}"
            )
        status.show()


def _threads(workers: int) -> int:
    """Threads of a worker when several share the machine's processors; 0 leaves it to the worker."""
    return 0 if workers == 1 else max(1, (os.cpu_count() or 1) // workers)


if __name__ == "__main__":
    main()
