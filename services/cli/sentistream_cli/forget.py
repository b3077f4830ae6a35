"""`sentistream forget`: remove a post, or all posts of an author."""

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
Writes the removal to the stream, like a deletion from a source, and waits until it is carried out: a worker deletes a
single post, upkeep deletes the posts of an author. Copies in the streams and dead letters are erased within minutes.
Counts do not change: they show what was posted. For a week, no removed post is stored again, from whatever source.

Exit codes: 0 removed, 1 not carried out in time (the removal stays in the stream), 2 wrong usage, 69 a server cannot be
used."""


def add_parser(commands: Any) -> None:  # noqa: ANN401 (argparse's type is private)
    parser = commands.add_parser(
        "forget",
        help="remove a post, or all posts of an author",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--id", type=UUID, help="id of the post")
    what.add_argument("--author", help="the author, exactly as in the posts; needs --source")
    parser.add_argument("--source", help="source of the author's posts, such as bluesky")
    parser.add_argument(
        "--wait",
        type=float,
        default=60.0,
        metavar="SECONDS",
        help="how long to wait until it is carried out; 0: do not wait (default: 60)",
    )
    parser.set_defaults(run=run)


async def run(options: argparse.Namespace, settings: CliSettings) -> int:
    if (options.author is None) != (options.source is None):
        print("--author and --source must be given together: names are unique only within a source.", file=sys.stderr)
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
