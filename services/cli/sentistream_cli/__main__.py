"""Entry point: `sentistream COMMAND`."""

import argparse
import asyncio
import sys
from collections.abc import Callable, Coroutine
from typing import Any

from psycopg import Error as DatabaseError
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from sentistream_cli import check_source, consumers, dead_letters, forget, migrate, verify
from sentistream_cli.settings import CliSettings
from sentistream_cli.unavailable import EXIT_UNAVAILABLE, unavailable
from sentistream_core.settings import describe, load_settings

Command = Callable[[argparse.Namespace, CliSettings], Coroutine[Any, Any, int]]


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="sentistream",
        description="Look after a SentiStream: its database, its consumers, its dead letters and its counts.",
        epilog=describe(CliSettings),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for module in (migrate, verify, consumers, dead_letters, forget, check_source):
        module.add_parser(commands)
    options = parser.parse_args()
    command: Command = options.run
    settings = load_settings(CliSettings)
    try:
        status = asyncio.run(command(options, settings))
    except (DatabaseError, SQLAlchemyError) as error:
        direct_url = settings.database_direct_url if command is migrate.run else None
        print(unavailable("database", direct_url or settings.database_url, error), file=sys.stderr)
        status = EXIT_UNAVAILABLE
    except RedisError as error:
        print(unavailable("broker", settings.redis_url, error), file=sys.stderr)
        status = EXIT_UNAVAILABLE
    raise SystemExit(status)


if __name__ == "__main__":
    main()
