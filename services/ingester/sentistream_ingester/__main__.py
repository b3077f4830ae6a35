"""The command sentistream-ingester."""

import asyncio
import sys
from collections.abc import Sequence
from typing import Any

from sentistream_core.dependency import describe_error
from sentistream_core.log import configure_logging, get_logger
from sentistream_core.operations_server import Health, start_operations_server
from sentistream_core.shutdown import shutdown_requested
from sentistream_ingester.command_line import Command, parse
from sentistream_ingester.progress import choose_progress
from sentistream_ingester.registry import SOURCES
from sentistream_ingester.run import run
from sentistream_ingester.source import SourceType, UnusableSourceError

EXIT_FAILED = 1
EXIT_UNUSABLE_SOURCE = 2


def main(types: Sequence[SourceType[Any]] = SOURCES) -> None:
    command = parse(sys.argv[1:], types)
    configure_logging("ingester", command.settings, source=command.name)
    health = Health()
    try:
        start_operations_server(command.settings, health)
    except OSError as error:
        get_logger().error(
            "metrics cannot be served: choose another SENTISTREAM_METRICS_PORT, or 0 for none",
            port=command.settings.metrics_port,
            error=describe_error(error),
        )
        sys.exit(EXIT_FAILED)
    sys.exit(asyncio.run(_execute(command, health)))


async def _execute(command: Command, health: Health) -> int:
    stop = shutdown_requested()
    beating = asyncio.create_task(health.beat())
    health.started()
    try:
        result = await run(command.name, command.source, command.settings, choose_progress(), stop)
    except UnusableSourceError as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_UNUSABLE_SOURCE
    finally:
        beating.cancel()
    return command.source.exit_code(result)


if __name__ == "__main__":
    main()
