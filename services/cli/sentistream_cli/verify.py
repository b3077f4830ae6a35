"""`sentistream verify`: checks that no post is lost or doubled."""

import argparse
import sys
from typing import Any

from sentistream_cli.settings import CliSettings
from sentistream_cli.table import print_table
from sentistream_cli.unavailable import EXIT_UNAVAILABLE
from sentistream_cli.verification.findings import Findings
from sentistream_cli.verification.progress import counting
from sentistream_cli.verification.stream import check_stream
from sentistream_core.broker.client import connect
from sentistream_core.database import aggregates
from sentistream_core.database.pool import check_reachable, create_pool
from sentistream_core.database.schema import REQUIRED_REVISION, is_schema_ready


def add_parser(commands: Any) -> None:  # noqa: ANN401 (argparse's type is private)
    parser = commands.add_parser(
        "verify",
        help="compare stream, posts, aggregates and dead letters",
        description="Compares stream, posts, aggregates and dead letters while the system runs, and reports what is "
        "lost or doubled. The exit status is then 1. Entries trimmed from the stream cannot be checked.",
    )
    parser.set_defaults(run=run)


async def run(_: argparse.Namespace, settings: CliSettings) -> int:
    url, name, timeout = settings.database_url, "sentistream-cli", settings.database_timeout_seconds
    await check_reachable(url, name=name, timeout_seconds=timeout)
    pool = create_pool(url, name=name, size=1, timeout_seconds=timeout)
    async with connect(settings, "cli") as redis, pool:
        if not await is_schema_ready(pool):
            print(f"The database is not at revision {REQUIRED_REVISION}: run `sentistream migrate`.", file=sys.stderr)
            return EXIT_UNAVAILABLE
        streams = [await check_stream(redis, pool, each) for each in settings.topology.partitions]
        balance = await aggregates.balance(pool, progress=counting())
    findings = Findings(
        posts=balance.posts,
        checked_entries=sum(each.checked for each in streams),
        pending_entries=sum(each.pending for each in streams),
        dead_letters=sum(each.dead_letters for each in streams),
        lost=[f"{entry} of {each.stream}" for each in streams for entry in each.lost],
        doubled=[f"{entry} of {each.stream}" for each in streams for entry in each.doubled],
        differences=balance.differences,
    )
    _report(findings)
    return 0 if findings.is_clean else 1


def _report(findings: Findings) -> None:
    print_table(
        ("WHAT", "NUMBER"),
        [
            ("posts stored", f"{findings.posts.stored.total():,}"),
            ("posts deleted by retention", f"{findings.posts.expired.total():,}"),
            ("posts deleted on request", f"{findings.posts.deleted.total():,}"),
            ("processed entries still in the stream", f"{findings.checked_entries:,}"),
            ("entries in work", f"{findings.pending_entries:,}"),
            ("dead letters", f"{findings.dead_letters:,}"),
            ("lost: processed, and neither stored, removed nor a dead letter", f"{len(findings.lost):,}"),
            ("doubled: stored and a dead letter as well", f"{len(findings.doubled):,}"),
            ("aggregates that differ from the posts", f"{len(findings.differences):,}"),
        ],
        empty="",
    )
    for title, lines in (("Lost", findings.lost), ("Doubled", findings.doubled), ("Differ", findings.differences)):
        for line in lines[:20]:
            print(f"{title}: {line}")
        if len(lines) > 20:  # noqa: PLR2004 (the number in the line above)
            print(f"{title}: and {len(lines) - 20:,} more")
    print("\nNothing is lost or doubled." if findings.is_clean else "\nSomething is wrong: it is listed above.")
