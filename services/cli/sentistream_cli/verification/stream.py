"""Checks that the post of each processed entry in the stream is stored, removed or a dead letter, and only one of them.

Everything changes while it is read. So a first pass only finds suspects. A second one checks these again, in the order
of an entry's states: pending; stored or a dead letter; replayed or deleted; trimmed.
"""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from redis.asyncio import Redis

from sentistream_core.broker.consumer_group import last_delivered, pending_ids
from sentistream_core.broker.dead_letters import count_dead_letters, list_dead_letters, resolved_entries
from sentistream_core.broker.entry_id import entry_order
from sentistream_core.broker.field_pages import field_pages
from sentistream_core.broker.topology import Partition, Topology
from sentistream_core.database.entry_ids import read_entry_ids
from sentistream_core.database.pool import Pool
from sentistream_core.database.posts import stored_entries
from sentistream_core.database.removals import removed_among
from sentistream_core.database.retention import kept_since
from sentistream_core.entry_fields import Operation, UnreadableEntryError
from sentistream_core.identifiers import EntryIds
from sentistream_core.post import Post, decode_post

_PAGE: Final = 1_000
_REMOVALS: Final = (Operation.DELETE.encode(), Operation.FORGET.encode())
"""Values of `op` in entries that are no posts."""
_CLOCKS_DIFFER_BY: Final = timedelta(hours=1)
"""Largest assumed difference between the clocks of broker and database."""

Suspects = Mapping[str, UUID | None]
"""Entry ids and the ids of their posts; None for an entry without a valid id."""


@dataclass(frozen=True, slots=True)
class StreamCheck:
    stream: str
    checked: int
    pending: int
    dead_letters: int
    lost: Sequence[str]
    doubled: Sequence[str]


async def check_stream(redis: Redis, pool: Pool, partition: Partition) -> StreamCheck:
    """Check the entries that are in the partition's stream of posts. Only certain losses and doubles are reported."""
    entry_ids = await read_entry_ids(pool)
    end = await last_delivered(redis, partition)
    pending = await pending_ids(redis, partition)
    dead = await _dead_entries(redis, partition)
    checked = 0
    missing: dict[str, UUID | None] = {}
    twice: list[str] = []
    async for page in _pages(redis, partition.posts, entry_ids, end):
        processed = {entry: post for entry, post in page.items() if entry not in pending}
        stored = await _stored(pool, processed)
        checked += len(processed)
        missing |= {each: post for each, post in processed.items() if post not in stored and each not in dead}
        twice += [each for each, post in processed.items() if stored.get(post) == each and each in dead]
    lost = await _certainly_lost(redis, pool, partition, entry_ids, missing)
    still_dead = await _dead_entries(redis, partition) if twice else set()
    return StreamCheck(
        stream=partition.posts,
        checked=checked,
        pending=len(pending),
        dead_letters=await count_dead_letters(redis, Topology((partition,))),
        lost=lost,
        doubled=[each for each in twice if each in still_dead],
    )


async def _certainly_lost(
    redis: Redis, pool: Pool, partition: Partition, entry_ids: EntryIds, suspects: Suspects
) -> list[str]:
    if not suspects:
        return []
    pending = await pending_ids(redis, partition)
    stored = await _stored(pool, suspects)
    since = await kept_since(pool)
    checkable_from = 0 if since is None else int((since + _CLOCKS_DIFFER_BY).timestamp() * 1000)
    dead = await _dead_entries(redis, partition)
    resolved = await resolved_entries(redis, partition)
    lost = [
        each
        for each, post in suspects.items()
        if post not in stored
        and not any(each in ended for ended in (pending, dead, resolved))
        and entry_order(each)[0] >= checkable_from
    ]
    # Last: once an entry is trimmed, there is no record that its dead letter was replayed or deleted.
    present: Any = [entry for each in lost for entry in await redis.xrange(partition.posts, min=each, max=each) or []]
    readable = {each.decode(): _post(entry_ids, each.decode(), fields) for each, fields in present}
    removed = await removed_among(pool, [post for post in readable.values() if post])
    return [each for each, post in readable.items() if post is None or post.id not in removed]


def _post(entry_ids: EntryIds, entry_id: str, fields: Mapping[bytes, bytes]) -> Post | None:
    try:
        return decode_post(entry_id, entry_ids.identified(entry_id, fields))
    except UnreadableEntryError:
        return None


async def _pages(redis: Redis, stream: str, entry_ids: EntryIds, end: str) -> AsyncIterator[dict[str, UUID | None]]:
    """The entries up to `end`, oldest first."""
    async for page in field_pages(redis, stream, ("id", "op"), end=end):
        yield {
            entry_id: _post_id(entry_ids.identified(entry_id, fields))
            for entry_id, fields in page
            if fields.get(b"op") not in _REMOVALS
        }


def _post_id(fields: Mapping[bytes, bytes]) -> UUID | None:
    """The id, whether the other fields are valid or not: a stored post is not lost."""
    try:
        return UUID(fields[b"id"].decode())
    except ValueError:
        return None


async def _stored(pool: Pool, entries: Suspects) -> dict[UUID | None, str]:
    """The ids of stored posts, each with the id of the entry that it was stored from."""
    posts = [post for post in entries.values() if post]
    found: dict[UUID | None, str] = {}
    for first in range(0, len(posts), _PAGE):
        part = await stored_entries(pool, posts[first : first + _PAGE])
        found |= {post: entry for post, entry in part.items()}  # noqa: C416 (wider keys than those of `part`)
    return found


async def _dead_entries(redis: Redis, partition: Partition) -> Collection[str]:
    """Original ids of the partition's dead letters."""
    originals: set[str] = set()
    before = None
    while page := await list_dead_letters(redis, Topology((partition,)), limit=_PAGE, before=before):
        originals.update(each.letter.original_id for each in page)
        before = page[-1].id
    return originals
