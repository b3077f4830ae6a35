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
        description="Does what happens by the clock. Any number of processes may run; one of them does the work, and "
        "the others take over when it is gone.",
        epilog=describe(UpkeepSettings),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    ).parse_args()
    settings = load_settings(UpkeepSettings)
    configure_logging("upkeep", settings)
    asyncio.run(run(settings, DUTIES))


if __name__ == "__main__":
    main()
