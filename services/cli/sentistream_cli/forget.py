"""`sentistream forget`: remove a post, or all that an author has written."""

import argparse
import asyncio
import sys
import time
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from sentistream_cli.settings import CliSettings
from sentistream_core.broker.client import connect
from sentistream_core.broker.removals import request_removal
from sentistream_core.change import AuthorRemoval, Deletion
from sentistream_core.database import removals
from sentistream_core.database.pool import create_pool

_LOOK_EVERY_SECONDS: Final = 0.5
_DESCRIPTION: Final = """\
Writes the removal to the stream, as a platform's own deletions come, and waits until it is carried out: a worker
deletes a post, upkeep the posts of an author. Copies in the streams and dead letters follow within minutes. Counts
stay: they say what was posted. For a week, nothing that was removed is stored again, wherever it comes from.

Exit codes: 0 removed, 1 not carried out in time (it is in the stream, and will be), 2 wrong usage."""


def add_parser(commands: Any) -> None:  # noqa: ANN401 (argparse's type is private)
    parser = commands.add_parser(
        "forget",
        help="remove a post, or all that an author has written",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--id", type=UUID, help="the post")
    what.add_argument("--author", help="exactly as the posts name the author; needs --source")
    parser.add_argument("--source", help="where the author wrote: bluesky, say")
    parser.add_argument("--wait", type=float, default=60.0, metavar="SECONDS", help="at most; 0: not (default: 60)")
    parser.set_defaults(run=run)


async def run(options: argparse.Namespace, settings: CliSettings) -> int:
    if (options.author is None) != (options.source is None):
        print("--author and --source belong together: names are not unique over sources.", file=sys.stderr)
        return 2
    removal: Deletion | AuthorRemoval = (
        Deletion(options.id) if options.id else AuthorRemoval(options.source, options.author, datetime.now(UTC))
    )
    async with connect(settings, "cli") as redis:
        await request_removal(redis, settings.topology, removal)
    if not options.wait:
        print("The removal is in the stream.")
        return 0
    async with create_pool(settings.database_url, name="sentistream-cli", size=1, timeout_seconds=10) as pool:
        deadline = time.monotonic() + options.wait
        while not await removals.is_carried_out(pool, removal):
            if time.monotonic() > deadline:
                print(
                    f"Not carried out within {options.wait:g} s. It is in the stream: do workers and upkeep run?",
                    file=sys.stderr,
                )
                return 1
            await asyncio.sleep(_LOOK_EVERY_SECONDS)
    print("Removed. Copies in the streams and dead letters are erased within minutes.")
    return 0
