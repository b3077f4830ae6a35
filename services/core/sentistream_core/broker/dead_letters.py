"""Listing, replaying and deleting dead letters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from redis.asyncio import Redis

from sentistream_core.broker.dead_letter_scripts import DELETE, PREVIEW, REPLAY
from sentistream_core.broker.entry_id import entry_order
from sentistream_core.broker.topology import Partition, Topology
from sentistream_core.dead_letter import ADDED_FIELDS, DeadLetter, decode_dead_letter
from sentistream_core.identifiers import id_without_secret

SHOWN_BYTES_OF_VALUE: Final = 4_000
_SHOWN_BYTES_OF_LETTER: Final = 8_000

LETTER_ID: Final = "[0-9]{1,19}-[0-9]{1,19}(?:@p[0-9]{1,4})?"
"""An entry id, followed by its partition's tag if there are several: 1777863721500-0, 1777863721500-0@p3.

Entries of different streams may have the same entry id, so the tag is needed to tell them apart.
"""


def letter_id_of(partition: Partition, entry_id: str) -> str:
    """The `LETTER_ID` of an entry of the partition's dead letters."""
    return f"{entry_id}@{partition.tag}" if partition.tag else entry_id


class UnknownStreamError(Exception):
    """The letter comes from a stream that this installation does not read, so that a replay would have no effect."""

    def __init__(self, letter_id: str, stream: str) -> None:
        super().__init__(f"The dead letter {letter_id} comes from {stream[:80]!r}, which is no stream of posts here.")
        self.letter_id = letter_id


@dataclass(frozen=True, slots=True)
class StoredDeadLetter:
    id: str
    """As `LETTER_ID`."""
    letter: DeadLetter


@dataclass(frozen=True, slots=True)
class DeadLetterPreview(StoredDeadLetter):
    """A letter whose long fields are cut, because the whole letter may have any size."""

    lengths: Mapping[bytes, int]
    """Length of each uncut value in bytes, by field."""
    fields_left_out: int
    """How many more fields the letter has than are shown."""


async def count_dead_letters(redis: Redis, topology: Topology) -> int:
    return sum([await redis.xlen(each.dead_letters) for each in topology.partitions])


async def list_dead_letters(
    redis: Redis, topology: Topology, *, limit: int, before: str | None = None
) -> list[DeadLetterPreview]:
    """The newest letters, newest first; with `before`, those that follow that letter.

    A page with fewer than `limit` letters is the last. Letters with equal entry ids are in the order of their
    partitions. Entries that no worker wrote are left out. Memory is bounded: about 12 KB for each letter and partition.
    """
    found: list[DeadLetterPreview] = []
    for partition, newest in _starts(topology, before):
        found += await _previews(redis, partition, newest=newest, oldest="-", limit=limit)
    return sorted(found, key=lambda each: entry_order(_split(each.id)[0]), reverse=True)[:limit]


async def find_dead_letter(redis: Redis, topology: Topology, letter_id: str) -> DeadLetterPreview | None:
    """The letter with that id, or None if it does not exist (any more)."""
    entry_id, partition = _located(topology, letter_id)
    found = partition and await _previews(redis, partition, newest=entry_id, oldest=entry_id, limit=1)
    return found[0] if found else None


async def replay_dead_letter(redis: Redis, topology: Topology, letter_id: str) -> str | None:
    """Put the original entry back into the stream that it came from and remove the letter, in one atomic step.

    The post keeps the id that it had at its first delivery, since it may already be stored under it.

    Returns:
        The id of the new entry; None if there is no such letter.

    Raises:
        UnknownStreamError: the entry comes from a stream that is not in the topology. The letter stays.
    """
    entry_id, partition = _located(topology, letter_id)
    found = await find_dead_letter(redis, topology, letter_id)
    if not partition or not found:
        return None
    letter = found.letter
    original = topology.with_posts_stream(letter.original_stream)
    if original is None:
        raise UnknownStreamError(letter_id, letter.original_stream)
    # Only versions that did not use a secret for ids wrote letters without an id.
    former_id = str(id_without_secret(letter.original_id))
    keys = (partition.dead_letters, original.posts, original.resolved_entries)
    new_entry: Any = await redis.eval(REPLAY, len(keys), *keys, entry_id, former_id, *ADDED_FIELDS)
    return None if new_entry is None else str(new_entry.decode())


async def delete_dead_letters(redis: Redis, topology: Topology, letter_ids: Sequence[str]) -> int:
    """Remove letters permanently. Returns how many of them existed."""
    async with redis.pipeline(transaction=False) as calls:
        for letter_id in letter_ids:
            entry_id, partition = _located(topology, letter_id)
            if partition:
                keys = (partition.dead_letters, partition.posts, partition.resolved_entries)
                calls.eval(DELETE, len(keys), *keys, entry_id)
        return sum(await calls.execute())


async def resolved_entries(redis: Redis, partition: Partition) -> set[str]:
    """Ids of entries in the partition's stream of posts whose dead letter was replayed or deleted."""
    entries: Any = await redis.zrange(partition.resolved_entries, 0, -1)
    return {entry.decode() for entry in entries}


def _split(letter_id: str) -> tuple[str, str]:
    """The entry id and the partition's tag."""
    entry_id, _, tag = letter_id.partition("@")
    return entry_id, tag


def _located(topology: Topology, letter_id: str) -> tuple[str, Partition | None]:
    entry_id, tag = _split(letter_id)
    return entry_id, topology.tagged(tag)


def _starts(topology: Topology, before: str | None) -> list[tuple[Partition, str]]:
    """Where to start in each partition so that only letters after `before` are read, as an argument of XREVRANGE."""
    if before is None:
        return [(each, "+") for each in topology.partitions]
    entry_id, passed = _located(topology, before)
    if entry_order(entry_id) == (0, 0):
        return []  # the broker takes no range before the first possible id
    last = topology.partitions.index(passed) if passed else len(topology.partitions)
    return [(each, f"({entry_id}" if index <= last else entry_id) for index, each in enumerate(topology.partitions)]


async def _previews(
    redis: Redis, partition: Partition, *, newest: str, oldest: str, limit: int
) -> list[DeadLetterPreview]:
    found: list[DeadLetterPreview] = []
    next_entry = newest.encode()
    while next_entry and len(found) < limit:
        reply: Any = await redis.eval_ro(
            PREVIEW,
            1,
            partition.dead_letters,
            next_entry,
            oldest,
            limit - len(found),
            SHOWN_BYTES_OF_VALUE,
            _SHOWN_BYTES_OF_LETTER,
            *ADDED_FIELDS,
        )
        next_entry, letters = reply
        found += [preview for letter in letters for preview in _decoded(partition, *letter)]
    return found


def _decoded(
    partition: Partition, entry_id: bytes, about: Sequence[bytes], shown: Sequence[Any], fields_left_out: int
) -> list[DeadLetterPreview]:
    """The letter; nothing if no worker wrote the entry."""
    names, values, lengths = shown[::3], shown[1::3], shown[2::3]
    try:
        letter = decode_dead_letter(dict(zip(names, values, strict=True)) | dict(zip(ADDED_FIELDS, about, strict=True)))
    except ValueError:
        return []
    return [
        DeadLetterPreview(
            letter_id_of(partition, entry_id.decode()),
            letter,
            lengths=dict(zip(names, lengths, strict=True)),
            fields_left_out=fields_left_out,
        )
    ]
