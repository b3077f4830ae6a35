"""Erasing entries of the broker that hold posts which are gone."""

from collections.abc import AsyncIterator, Mapping
from typing import Any, Final
from uuid import UUID

from redis.asyncio import Redis

from sentistream_core.broker.consumer_group import last_delivered, pending_ids
from sentistream_core.broker.dead_letters import delete_dead_letters, list_dead_letters
from sentistream_core.broker.removals import announce_removed
from sentistream_core.broker.topology import Partition, Topology
from sentistream_core.change import Removals
from sentistream_core.identifiers import EntryIds

_PAGE: Final = 100
"""Entries read at once: the content of one may take 40 KB."""
_LETTERS_AT_ONCE: Final = 500


async def erase_written(redis: Redis, partition: Partition, entry_ids: EntryIds, gone: Removals) -> int:
    """Erase entries of the posts stream that the workers are done with; how many.

    The others are theirs: a worker finds that their post is gone, and acknowledges them.
    """
    end = await last_delivered(redis, partition)
    pending = await pending_ids(redis, partition)
    erased = 0
    async for page in _pages(redis, partition.posts, end):
        found = [
            entry
            for entry, fields in page
            if entry not in pending and gone.cover(entry, entry_ids.identified(entry, fields))
        ]
        erased += await redis.xdel(partition.posts, *found) if found else 0
    return erased


async def erase_processed(redis: Redis, topology: Topology, partition: Partition, gone: Removals) -> int:
    """Erase entries of the processed stream, and tell its followers once more; how many.

    A worker that had stored a post before it was removed may publish it afterwards.
    """
    erased = 0
    async for page in _pages(redis, partition.processed, "+"):
        found = {entry: UUID(fields[b"id"].decode()) for entry, fields in page if gone.cover(entry, fields)}
        if found:
            await announce_removed(redis, topology, list(found.values()))
            erased += await redis.xdel(partition.processed, *found)
    return erased


async def erase_dead_letters(redis: Redis, topology: Topology, gone: Removals) -> int:
    """Delete letters; how many."""
    erased, before = 0, None
    while page := await list_dead_letters(redis, topology, limit=_LETTERS_AT_ONCE, before=before):
        erased += await delete_dead_letters(
            redis, topology, [each.id for each in page if gone.cover(each.letter.original_id, each.letter.fields)]
        )
        before = page[-1].id
    return erased


async def _pages(redis: Redis, stream: str, end: str) -> AsyncIterator[list[tuple[str, Mapping[bytes, bytes]]]]:
    """The entries up to `end`, oldest first."""
    start = "-"
    while entries := await redis.xrange(stream, min=start, max=end, count=_PAGE):
        page: Any = entries
        yield [(entry_id.decode(), fields) for entry_id, fields in page]
        start = f"({page[-1][0].decode()}"
