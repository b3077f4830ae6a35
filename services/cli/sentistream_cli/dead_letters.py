"""`sentistream dead-letters`: list, show, replay or delete entries that could not be processed."""

import argparse
import sys
from collections.abc import AsyncIterator
from typing import Any

from redis.asyncio import Redis

from sentistream_cli.settings import CliSettings
from sentistream_cli.table import print_table
from sentistream_core.broker.client import connect
from sentistream_core.broker.dead_letters import (
    StoredDeadLetter,
    UnknownStreamError,
    count_dead_letters,
    delete_dead_letters,
    find_dead_letter,
    list_dead_letters,
    replay_dead_letter,
)
from sentistream_core.broker.topology import Topology

_SHOWN_CHARACTERS = 60
_PAGE = 500


def add_parser(commands: Any) -> None:  # noqa: ANN401 (argparse's type is private)
    parser = commands.add_parser(
        "dead-letters", help="list, show, replay or delete entries that could not be processed"
    )
    actions = parser.add_subparsers(metavar="ACTION", required=True)

    listing = actions.add_parser("list", help="list the newest dead letters")
    listing.add_argument("--limit", type=int, default=20, help="largest number of dead letters (default: 20)")
    listing.add_argument("--reason", help="only dead letters with this reason")
    listing.set_defaults(run=_list)

    show = actions.add_parser("show", help="show one dead letter; long fields are cut")
    show.add_argument("id", help="its id, as listed")
    show.set_defaults(run=_show)

    for name, action, help_text in (
        ("replay", _replay, "put dead letters back into the stream after their cause was fixed"),
        ("delete", _delete, "delete dead letters permanently"),
    ):
        chosen = actions.add_parser(name, help=help_text)
        chosen.add_argument("id", nargs="*", help="their ids, as listed")
        chosen.add_argument("--all", action="store_true", help="all dead letters")
        chosen.add_argument("--reason", help="with --all: only dead letters with this reason")
        chosen.set_defaults(run=action)


async def _list(options: argparse.Namespace, settings: CliSettings) -> int:
    async with connect(settings, "cli") as redis:
        total = await count_dead_letters(redis, settings.topology)
        shown = [letter async for letter in _matching(redis, settings.topology, options.reason, options.limit)]
    print_table(
        ("ID", "FAILED AT", "REASON", "ATTEMPTS", "CONTENT"),
        [
            (
                each.id,
                f"{each.letter.failed_at:%Y-%m-%d %H:%M:%S}",
                each.letter.reason,
                str(each.letter.attempts),
                _content(each)[:_SHOWN_CHARACTERS],
            )
            for each in shown
        ],
        empty="There are no dead letters." if total == 0 else f"None of the {total:,} dead letters has that reason.",
    )
    if len(shown) == options.limit < total:
        print(f"\n{len(shown)} of {total:,}; --limit shows more.")
    return 0


async def _show(options: argparse.Namespace, settings: CliSettings) -> int:
    async with connect(settings, "cli") as redis:
        found = await find_dead_letter(redis, settings.topology, options.id)
    if found is None:
        return _missing(options.id)
    letter = found.letter
    for name, value in (
        ("id", found.id),
        ("reason", letter.reason),
        ("detail", letter.detail),
        ("attempts", letter.attempts),
        ("failed at", letter.failed_at.isoformat()),
        ("original entry", f"{letter.original_id} of {letter.original_stream}"),
    ):
        print(f"{name:16}{value}")
    print("fields")
    for field, raw in letter.fields.items():
        length = found.lengths[field]
        cut = f" ... ({length:,} bytes in all)" if length > len(raw) else ""
        print(f"  {field.decode(errors='backslashreplace'):14}{raw.decode(errors='backslashreplace')}{cut}")
    if found.fields_left_out:
        print(f"  and {found.fields_left_out:,} more")
    return 0


async def _replay(options: argparse.Namespace, settings: CliSettings) -> int:
    async with connect(settings, "cli") as redis:
        ids = await _chosen(redis, settings.topology, options)
        missing, stayed = [], []
        for letter_id in ids:
            try:
                if await replay_dead_letter(redis, settings.topology, letter_id) is None:
                    missing.append(letter_id)
            except UnknownStreamError as error:
                stayed.append(str(error))
    print(f"Put {len(ids) - len(missing) - len(stayed):,} dead letters back into the stream.")
    for reason in stayed:
        print(reason, file=sys.stderr)
    if missing:
        _missing(*missing)
    return 1 if missing or stayed else 0


async def _delete(options: argparse.Namespace, settings: CliSettings) -> int:
    async with connect(settings, "cli") as redis:
        ids = await _chosen(redis, settings.topology, options)
        deleted = await delete_dead_letters(redis, settings.topology, ids)
    print(f"Deleted {deleted:,} dead letters.")
    return 0 if deleted == len(ids) else 1


async def _chosen(redis: Redis, topology: Topology, options: argparse.Namespace) -> list[str]:
    if bool(options.id) == options.all:
        print("Name dead letters by id, or use --all.", file=sys.stderr)
        raise SystemExit(2)
    if options.all:
        return [each.id async for each in _matching(redis, topology, options.reason, sys.maxsize)]
    return list(options.id)


async def _matching(
    redis: Redis, topology: Topology, reason: str | None, limit: int
) -> AsyncIterator[StoredDeadLetter]:
    """Matching dead letters, newest first; read page by page, so that only one page is in memory."""
    before, found = None, 0
    while page := await list_dead_letters(redis, topology, limit=_PAGE, before=before):
        for each in page:
            if found < limit and reason in (None, each.letter.reason):
                found += 1
                yield each
        if found == limit:
            return
        before = page[-1].id


def _content(stored: StoredDeadLetter) -> str:
    raw = stored.letter.fields.get(b"content", b"")[: 4 * _SHOWN_CHARACTERS]
    return raw.decode(errors="backslashreplace").replace("\n", " ")


def _missing(*ids: str) -> int:
    print(f"There is no dead letter {', '.join(ids)}.", file=sys.stderr)
    return 1
