"""The dead-letter stream for its readers: look at the letters, put them back, drop them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis

from sentistream_core.broker.entry_id import entry_order
from sentistream_core.broker.streams import DEAD_LETTER_STREAM, POSTS_STREAM
from sentistream_core.dead_letter import DeadLetter, decode_dead_letter
from sentistream_core.identifiers import id_of_entry


@dataclass(frozen=True, slots=True)
class StoredDeadLetter:
    id: str
    """Entry id in the dead-letter stream."""
    letter: DeadLetter


async def count_dead_letters(redis: Redis) -> int:
    return await redis.xlen(DEAD_LETTER_STREAM)


async def list_dead_letters(redis: Redis, *, limit: int, before: str | None = None) -> list[StoredDeadLetter]:
    """The newest letters, newest first; with `before` those older than that letter.

    Entries that no worker wrote are left out.
    """
    if before is not None and entry_order(before) == (0, 0):
        return []  # the broker takes no range before the first possible id
    entries: Any = await redis.xrevrange(DEAD_LETTER_STREAM, max=f"({before}" if before else "+", count=limit)
    return _decoded(entries)


async def find_dead_letter(redis: Redis, letter_id: str) -> StoredDeadLetter | None:
    """The letter of that id, if it is still there."""
    entries: Any = await redis.xrange(DEAD_LETTER_STREAM, min=letter_id, max=letter_id)
    return next(iter(_decoded(entries)), None)


async def replay_dead_letter(redis: Redis, letter_id: str) -> str | None:
    """Put the original entry back into the posts stream and remove the letter; the new entry's id.

    Writing back and removing are one transaction. A post that had no id gets the one of its first delivery, so that two
    replays of one letter at the same time store one post. None if there is no such letter.
    """
    found = await find_dead_letter(redis, letter_id)
    if found is None:
        return None
    fields = {b"id": str(id_of_entry(found.letter.original_id)).encode(), **found.letter.fields}
    async with redis.pipeline(transaction=True) as transaction:
        transaction.xadd(POSTS_STREAM, fields)  # type: ignore[arg-type]
        transaction.xdel(DEAD_LETTER_STREAM, letter_id)
        entry_id, _ = await transaction.execute()
    return str(entry_id.decode())


async def drop_dead_letters(redis: Redis, letter_ids: Sequence[str]) -> int:
    """Remove letters for good; how many there were."""
    return await redis.xdel(DEAD_LETTER_STREAM, *letter_ids) if letter_ids else 0


def _decoded(entries: Any) -> list[StoredDeadLetter]:  # noqa: ANN401 (redis-py's entries)
    letters = []
    for entry_id, fields in entries:
        try:
            letters.append(StoredDeadLetter(entry_id.decode(), decode_dead_letter(fields)))
        except ValueError:
            continue
    return letters
