"""Erasing entries of streams and dead letters that contain removed posts."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Final
from uuid import UUID

from redis.asyncio import Redis

from sentistream_core.broker.consumer_group import last_delivered, pending_ids
from sentistream_core.broker.dead_letters import delete_dead_letters, letter_id_of
from sentistream_core.broker.field_pages import field_pages
from sentistream_core.broker.removals import announce_removed
from sentistream_core.broker.topology import Partition, Topology
from sentistream_core.change import Removals
from sentistream_core.entry_fields import MAX_NAME_BYTES
from sentistream_core.identifiers import EntryIds

_FIELDS: Final = ("id", "source", "author", "created_at", "op", "original_id")
"""The fields that identify the post of an entry; its content is not read."""


async def erase_written(redis: Redis, partition: Partition, entry_ids: EntryIds, gone: Removals) -> int:
    """Erase entries of the posts stream that workers have processed. Returns how many.

    All other entries are left to the workers, which do not store removed posts.
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
    """Erase entries of the processed stream and announce the removal once more. Returns how many.

    A worker that stored a post before its removal may publish the post after the first announcement.
    """
    erased = 0
    async for page in _pages(redis, partition.processed):
        found = {entry: fields for entry, fields in page if gone.cover(entry, fields)}
        if found:
            await announce_removed(redis, topology, _ids(found.values()))
            erased += await redis.xdel(partition.processed, *found)
    return erased


async def erase_dead_letters(redis: Redis, topology: Topology, partition: Partition, gone: Removals) -> int:
    """Delete the partition's dead letters of removed posts. Returns how many."""
    erased = 0
    async for page in _pages(redis, partition.dead_letters):
        found = [
            letter_id_of(partition, entry)
            for entry, fields in page
            if gone.cover(fields.get(b"original_id", b"").decode(errors="replace"), fields)
        ]
        erased += await delete_dead_letters(redis, topology, found)
    return erased


def _pages(redis: Redis, stream: str, end: str = "+") -> AsyncIterator[Sequence[tuple[str, Mapping[bytes, bytes]]]]:
    # One byte more than the limit of a name, so that a cut name never equals a valid one.
    return field_pages(redis, stream, _FIELDS, end=end, value_bytes=MAX_NAME_BYTES + 1)


def _ids(entries: Iterable[Mapping[bytes, bytes]]) -> list[UUID]:
    """The ids of the posts. Entries without a valid id, which no worker wrote, are skipped."""
    ids = []
    for fields in entries:
        with suppress(ValueError):
            ids.append(UUID(fields.get(b"id", b"").decode()))
    return ids
