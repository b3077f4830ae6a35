"""`sentistream check-source`: whether what a producer writes keeps the contract of sources."""

import argparse
import json
import sys
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final, TextIO

from sentistream_cli.conformance import Conformance, Severity
from sentistream_cli.settings import CliSettings
from sentistream_cli.table import print_table
from sentistream_core.broker.client import connect

_PAGE: Final = 500
_MOST_LINE_CHARACTERS: Final = 1_000_000
_DESCRIPTION: Final = """\
Reads entries of the posts stream, the newest 1,000 or, with a FILE, one JSON object of strings a line, and tells entry
by entry what breaks the contract of sources (docs/sources.md). To try a producer, let it write to a broker of its own:
nothing else than the stream is needed, and nothing is written.

error   a post is lost, doubled or wrong: an entry that no worker can read, an id whose content changes without an edit,
        a revision that goes back, a time ahead
advice  it works, and less well than it could: no id, no source, a field that nobody reads

Exit codes: 0 no errors, 1 errors, 2 wrong usage, or no entries."""


def add_parser(commands: Any) -> None:  # noqa: ANN401 (argparse's type is private)
    parser = commands.add_parser(
        "check-source",
        help="check what a producer writes against the contract of sources",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "file", nargs="?", type=argparse.FileType(errors="surrogateescape"), metavar="FILE", help="- is standard input"
    )
    parser.add_argument("--last", type=int, default=1_000, help="of the stream: how many of the newest (default: 1000)")
    parser.add_argument("--source", help="of the stream: only posts of this source")
    parser.add_argument("--show", type=int, default=20, help="how many findings one by one (default: 20)")
    parser.set_defaults(run=run)


async def run(options: argparse.Namespace, settings: CliSettings) -> int:
    conformance = Conformance()
    shown = 0
    entries = _of_file(options.file) if options.file else _of_stream(options, settings)
    async for name, fields in entries:
        for finding in conformance.check(fields, now=datetime.now(UTC)):
            shown += 1
            if shown <= options.show:
                print(f"{name}: {finding.severity}: {finding.detail}")
    if not conformance.entries:
        print("There are no entries to check.", file=sys.stderr)
        return 2
    _print_summary(conformance, hidden=max(0, shown - options.show))
    return 1 if conformance.errors else 0


async def _of_file(file: TextIO) -> AsyncIterator[tuple[str, Mapping[bytes, bytes]]]:
    number = 0
    while line := file.readline(_MOST_LINE_CHARACTERS):
        number += 1
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            sys.exit(f"line {number}: not JSON: {error}")
        if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
            sys.exit(f"line {number}: an entry is one JSON object of strings")
        yield (
            f"line {number}",
            {name.encode(errors="surrogatepass"): text.encode(errors="surrogatepass") for name, text in value.items()},
        )


async def _of_stream(
    options: argparse.Namespace, settings: CliSettings
) -> AsyncIterator[tuple[str, Mapping[bytes, bytes]]]:
    """The newest entries of each partition, oldest first."""
    async with connect(settings, "cli") as redis:
        for partition in settings.topology.partitions:
            first: Any = await redis.xrevrange(partition.posts, count=options.last)
            begin = first[-1][0] if first else b"+"
            del first
            while page := await redis.xrange(partition.posts, min=begin, count=_PAGE):
                entries: Any = page
                for entry_id, fields in entries:
                    if options.source is None or fields.get(b"source", b"") == options.source.encode():
                        yield entry_id.decode(), fields
                begin = b"(" + entries[-1][0]


def _print_summary(conformance: Conformance, *, hidden: int) -> None:
    if hidden:
        print(f"... and {hidden:,} more")
    print(
        f"{conformance.entries:,} entries: "
        + ", ".join(f"{count:,} {operation}" for operation, count in sorted(conformance.operations.items()))
    )
    rows = sorted(conformance.findings.items(), key=lambda each: (each[0][0] is not Severity.ERROR, -each[1]))
    print_table(
        ("", "RULE", "ENTRIES"),
        [(severity, rule, f"{count:,}") for (severity, rule), count in rows],
        empty="Nothing is to be said of them.",
    )
    if not conformance.errors:
        print("The contract is kept.")
