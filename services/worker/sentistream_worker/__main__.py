"""Entry point of the worker."""

import argparse
import signal
import sys

import uvloop

from sentistream_core.log import configure_logging
from sentistream_core.settings import describe, load_settings
from sentistream_worker.engine import Engine
from sentistream_worker.service import run
from sentistream_worker.settings import WorkerSettings


def main() -> None:
    argparse.ArgumentParser(
        prog="sentistream-worker",
        description="Classifies the posts of social_posts_stream, stores and publishes them.",
        epilog=describe(WorkerSettings),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    ).parse_args()
    # The first process of a container ignores SIGTERM unless it has a handler; loading the model takes a while.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    settings = load_settings(WorkerSettings)
    configure_logging("worker", settings)
    engine = Engine.load(settings.model_dir, threads=settings.worker_threads or None)
    uvloop.run(run(settings, engine))


if __name__ == "__main__":
    main()
