"""The dead-letter stream for its readers: look at the letters, put them back, drop them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from redis.asyncio import Redis

from sentistream_core.broker.dead_letter_scripts import DROP, PREVIEW, REPLAY
from sentistream_core.broker.entry_id import entry_order
from sentistream_core.broker.streams import DEAD_LETTER_STREAM, POSTS_STREAM, RESOLVED_ENTRIES
from sentistream_core.dead_letter import ADDED_FIELDS, DeadLetter, decode_dead_letter
from sentistream_core.identifiers import id_without_secret

_KEYS: Final = (DEAD_LETTER_STREAM, POSTS_STREAM, RESOLVED_ENTRIES)
"""What a letter's replay or end changes."""

SHOWN_BYTES_OF_VALUE: Final = 4_000
_SHOWN_BYTES_OF_LETTER: Final = 8_000


@dataclass(frozen=True, slots=True)
class StoredDeadLetter:
    id: str
    """Entry id in the dead-letter stream."""
    letter: DeadLetter


@dataclass(frozen=True, slots=True)
class DeadLetterPreview(StoredDeadLetter):
    """A letter with long fields cut: a whole one may have any size."""

    lengths: Mapping[bytes, int]
    """Bytes of the whole values, by field."""
    fields_left_out: int
    """How many more fields the letter has than are shown."""


async def count_dead_letters(redis: Redis) -> int:
    return await redis.xlen(DEAD_LETTER_STREAM)


async def list_dead_letters(redis: Redis, *, limit: int, before: str | None = None) -> list[DeadLetterPreview]:
    """The newest letters, newest first; with `before` those older than that letter. Fewer than `limit` are the last.

    Entries that no worker wrote are left out. Takes about 12 KB of memory a letter at most, whatever the stream holds.
    """
    if before is not None and entry_order(before) == (0, 0):
        return []  # the broker takes no range before the first possible id
    return await _previews(redis, newest=f"({before}" if before else "+", oldest="-", limit=limit)


async def find_dead_letter(redis: Redis, letter_id: str) -> StoredDeadLetter | None:
    """The whole letter of that id, if it is still there."""
    entries: Any = await redis.xrange(DEAD_LETTER_STREAM, min=letter_id, max=letter_id)
    for entry_id, fields in entries:
        try:
            return StoredDeadLetter(entry_id.decode(), decode_dead_letter(fields))
        except ValueError:  # no worker wrote it
            return None
    return None


async def replay_dead_letter(redis: Redis, letter_id: str) -> str | None:
    """Put the original entry back into the posts stream and remove the letter; the new entry's id.

    Writing back and removing are one step, which the broker takes by itself. The post keeps the id of its first
    delivery, under which it may be stored. None if there is no such letter.
    """
    found = await _previews(redis, newest=letter_id, oldest=letter_id, limit=1)
    if not found:
        return None
    # A letter without id was written by a version that knew no secret.
    former_id = str(id_without_secret(found[0].letter.original_id))
    entry_id: Any = await redis.eval(REPLAY, len(_KEYS), *_KEYS, letter_id, former_id, *ADDED_FIELDS)
    return None if entry_id is None else str(entry_id.decode())


async def drop_dead_letters(redis: Redis, letter_ids: Sequence[str]) -> int:
    """Remove letters for good; how many there were."""
    async with redis.pipeline(transaction=False) as calls:
        for letter_id in letter_ids:
            calls.eval(DROP, len(_KEYS), *_KEYS, letter_id)
        return sum(await calls.execute())


async def resolved_entries(redis: Redis) -> set[str]:
    """Entries that are still in the posts stream and whose dead letter was replayed or dropped."""
    entries: Any = await redis.zrange(RESOLVED_ENTRIES, 0, -1)
    return {entry.decode() for entry in entries}


async def _previews(redis: Redis, *, newest: str, oldest: str, limit: int) -> list[DeadLetterPreview]:
    found: list[DeadLetterPreview] = []
    next_entry = newest.encode()
    while next_entry and len(found) < limit:
        reply: Any = await redis.eval_ro(
            PREVIEW,
            1,
            DEAD_LETTER_STREAM,
            next_entry,
            oldest,
            limit - len(found),
            SHOWN_BYTES_OF_VALUE,
            _SHOWN_BYTES_OF_LETTER,
            *ADDED_FIELDS,
        )
        next_entry, letters = reply
        found += [preview for letter in letters for preview in _decoded(*letter)]
    return found


def _decoded(
    entry_id: bytes, about: Sequence[bytes], shown: Sequence[Any], fields_left_out: int
) -> list[DeadLetterPreview]:
    """The letter; nothing if no worker wrote the entry."""
    names, values, lengths = shown[::3], shown[1::3], shown[2::3]
    try:
        letter = decode_dead_letter(dict(zip(names, values, strict=True)) | dict(zip(ADDED_FIELDS, about, strict=True)))
    except ValueError:
        return []
    return [
        DeadLetterPreview(
            entry_id.decode(), letter, lengths=dict(zip(names, lengths, strict=True)), fields_left_out=fields_left_out
        )
    ]
