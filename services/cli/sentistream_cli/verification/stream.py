"""Every processed entry that is still in the stream must be stored or a dead letter, and not both."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from redis.asyncio import Redis

from sentistream_core.broker.consumer_group import ConsumerGroup, last_delivered, list_pending
from sentistream_core.broker.dead_letters import list_dead_letters
from sentistream_core.broker.streams import POSTS_STREAM, WORKER_GROUP
from sentistream_core.database.entry_ids import read_entry_ids
from sentistream_core.database.pool import Pool
from sentistream_core.database.posts import existing_posts
from sentistream_core.identifiers import EntryIds
from sentistream_core.post import UnreadableEntryError, decode_post

_PAGE = 1_000


@dataclass(frozen=True, slots=True)
class StreamCheck:
    checked: int
    pending: int
    dead_letters: int
    lost: Sequence[str]
    doubled: Sequence[str]


async def check_stream(redis: Redis, pool: Pool) -> StreamCheck:
    """Check page by page. What is read first can only become more processed while the rest is read."""
    entry_ids = await read_entry_ids(pool)
    end = await last_delivered(redis, POSTS_STREAM, WORKER_GROUP)
    pending = await _pending_ids(redis)
    checked, lost, doubled = 0, [], []
    start = "-"
    while page := await redis.xrange(POSTS_STREAM, min=start, max=end, count=_PAGE):
        entries: Any = page
        processed = [(entry_id.decode(), fields) for entry_id, fields in entries if entry_id.decode() not in pending]
        stored = await _stored_entries(pool, entry_ids, processed)
        dead = await _dead_entries(redis)
        checked += len(processed)
        lost += [entry_id for entry_id, _ in processed if entry_id not in stored and entry_id not in dead]
        doubled += [entry_id for entry_id, _ in processed if entry_id in stored and entry_id in dead]
        start = f"({entries[-1][0].decode()}"
    dead = await _dead_entries(redis)
    return StreamCheck(checked, len(pending), len(dead), lost, doubled)


async def _pending_ids(redis: Redis) -> set[str]:
    place = ConsumerGroup(POSTS_STREAM, WORKER_GROUP, "cli")
    return {each.id for each in await list_pending(redis, place, count=1_000_000)}


async def _stored_entries(pool: Pool, entry_ids: EntryIds, entries: Sequence[tuple[str, Any]]) -> set[str]:
    ids: dict[str, UUID] = {}
    for entry_id, fields in entries:
        try:
            ids[entry_id] = decode_post(entry_id, entry_ids.identified(entry_id, fields)).id
        except UnreadableEntryError:
            continue
    existing = await existing_posts(pool, list(ids.values()))
    return {entry_id for entry_id, post_id in ids.items() if post_id in existing}


async def _dead_entries(redis: Redis) -> set[str]:
    """Original ids of all dead letters."""
    originals: set[str] = set()
    before = None
    while page := await list_dead_letters(redis, limit=_PAGE, before=before):
        originals.update(each.letter.original_id for each in page)
        before = page[-1].id
    return originals
