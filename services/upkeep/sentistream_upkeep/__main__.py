"""Entry point of upkeep."""

import argparse
import asyncio

from sentistream_core.log import configure_logging
from sentistream_core.settings import describe, load_settings
from sentistream_upkeep.duties import DUTIES
from sentistream_upkeep.service import run
from sentistream_upkeep.settings import UpkeepSettings


def main() -> None:
    argparse.ArgumentParser(
        prog="sentistream-upkeep",
        description="Does the periodic work: trimming streams, retention, partitions, removals, idle consumers. Any "
        "number of processes may run: one does the work, and another takes over when it stops.",
        epilog=describe(UpkeepSettings),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    ).parse_args()
    settings = load_settings(UpkeepSettings)
    configure_logging("upkeep", settings)
    asyncio.run(run(settings, DUTIES))


if __name__ == "__main__":
    main()
