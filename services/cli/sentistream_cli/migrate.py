"""`sentistream migrate`: bring the database to the schema of this version."""

import argparse
import asyncio
import sys
import time
from functools import partial
from typing import Any

from alembic.util.exc import CommandError
from sqlalchemy.exc import OperationalError

from sentistream_cli.settings import CliSettings
from sentistream_cli.unavailable import cause
from sentistream_core.database.migration import PoolerError, migrate
from sentistream_core.database.schema import REQUIRED_REVISION
from sentistream_core.settings import EXIT_BAD_SETTINGS


def add_parser(commands: Any) -> None:  # noqa: ANN401 (argparse's type is private)
    parser = commands.add_parser("migrate", help="bring the database to the schema of this version")
    parser.add_argument("--revision", default="head", help="the revision to go to (default: the newest)")
    parser.add_argument(
        "--wait",
        type=float,
        default=0,
        metavar="SECONDS",
        help="how long to wait for the database to come up (default: 0)",
    )
    parser.set_defaults(run=run)


async def run(options: argparse.Namespace, settings: CliSettings) -> int:
    deadline = time.monotonic() + options.wait
    while True:
        try:
            reached = await asyncio.to_thread(
                migrate,
                settings.database_direct_url or settings.database_url,
                options.revision,
                connect_timeout_seconds=settings.database_timeout_seconds,
                say=partial(print, flush=True),
            )
        except OperationalError as error:
            if time.monotonic() >= deadline:
                raise
            print(f"waiting for the database: {cause(error)}", flush=True)
            await asyncio.sleep(2)
        except PoolerError as error:
            print(error, file=sys.stderr)
            return EXIT_BAD_SETTINGS
        except CommandError as error:
            print(f"The database cannot be brought to revision {options.revision}: {error}", file=sys.stderr)
            return 2
        else:
            is_newer = options.revision == "head" and reached != REQUIRED_REVISION
            newer = f", newer than {REQUIRED_REVISION}: this version works on it" if is_newer else ""
            print(f"The database is at revision {reached}{newer}.")
            return 0
