"""The command sentistream-ingester."""

import asyncio
import sys

from sentistream_core.dependency import describe_error
from sentistream_core.log import configure_logging, get_logger
from sentistream_core.operations_server import Health, start_operations_server
from sentistream_core.shutdown import shutdown_requested
from sentistream_ingester.command_line import ReplayCommand, SimulateCommand, parse
from sentistream_ingester.replay.formats import UnusableFileError
from sentistream_ingester.replay.progress import choose_progress
from sentistream_ingester.replay.run import replay
from sentistream_ingester.simulate import simulate

EXIT_FAILED = 1
EXIT_UNUSABLE_FILE = 2


def main() -> None:
    command = parse(sys.argv[1:])
    configure_logging("ingester", command.settings)
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
    sys.exit(asyncio.run(_run(command, health)))


async def _run(command: SimulateCommand | ReplayCommand, health: Health) -> int:
    stop = shutdown_requested()
    beating = asyncio.create_task(health.beat())
    health.started()
    try:
        return await _execute(command, stop)
    finally:
        beating.cancel()


async def _execute(command: SimulateCommand | ReplayCommand, stop: asyncio.Event) -> int:
    if isinstance(command, SimulateCommand):
        await simulate(command.settings, stop)
        return 0
    try:
        return await replay(command.input, command.options, command.settings, choose_progress(), stop)
    except (OSError, UnusableFileError) as error:
        sys.stderr.write(f"{command.file}: {error}\n")
        return EXIT_UNUSABLE_FILE


if __name__ == "__main__":
    main()
