"""Acknowledging entries: together with publishing their posts, or together with writing a dead letter."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from redis.asyncio import Redis

from sentistream_core.broker.consumer_group import Consumer
from sentistream_core.broker.stream_fields import stream_fields
from sentistream_core.classified_post import GAP_FIELD, ProcessedPost, encode_processed, encode_removed
from sentistream_core.dead_letter import DeadLetter, encode_dead_letter

_WRITE_DEAD_LETTER: Final = """#!lua flags=allow-oom
local entry, group = ARGV[2], ARGV[1]
local pending = redis.pcall('XPENDING', KEYS[1], group, entry, entry, 1)
local is_acknowledged = not pending.err and #pending == 0
if is_acknowledged and #redis.call('XRANGE', KEYS[1], entry, entry) == 1 then return 0 end
redis.call('XADD', KEYS[2], '*', unpack(ARGV, 3))
redis.call('XACK', KEYS[1], group, entry)
return 1
"""
"""A script, because MULTI would acknowledge the entry even if the dead letter cannot be written (for example because
the key has another type).

If the entry is already acknowledged, an earlier attempt wrote the letter and its reply was lost. If the entry is not in
the stream, the broker has lost data, and the letter is written nevertheless.

It also runs at maxmemory: once the letter has the entry's fields, the entry can be trimmed.
"""

_LEAVE_A_GAP: Final = """#!lua flags=allow-oom
if ARGV[4] ~= '0' then redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[2], '*', ARGV[3], ARGV[4]) end
for first = 5, #ARGV, 1000 do
    redis.call('XACK', KEYS[1], ARGV[1], unpack(ARGV, first, math.min(first + 999, #ARGV)))
end
"""
"""A script, because only a script with allow-oom may add an entry at maxmemory; in Redis 7.0 not within MULTI."""


async def write_dead_letters(redis: Redis, consumer: Consumer, letters: Sequence[DeadLetter]) -> None:
    """Write each letter and acknowledge its entry. Repeating the call writes no letter twice.

    Raises:
        redis.RedisError: some letters may have been written; no entry was acknowledged without its letter.
    """
    async with redis.pipeline(transaction=False) as calls:
        for letter in letters:
            fields = [part for field in encode_dead_letter(letter).items() for part in field]
            calls.eval(
                _WRITE_DEAD_LETTER,
                2,
                consumer.stream,
                consumer.partition.dead_letters,
                consumer.group,
                letter.original_id,
                *fields,
            )
        await calls.execute()


async def publish(
    redis: Redis,
    consumer: Consumer,
    posts: Sequence[ProcessedPost],
    *,
    removed: Sequence[UUID],
    entry_ids: Sequence[str],
    keep_entries: int,
) -> None:
    """Write the posts and the ids of removed ones to the processed stream and acknowledge the entries, in one MULTI.

    `entry_ids` are those of the posts and removals, and of entries that had no effect. If the call is repeated after a
    lost reply, posts are published twice; readers recognise a post by its id.

    Raises:
        redis.RedisError: nothing was done; or all of it, if the connection broke. MULTI does not roll back: if the
            processed stream is a key of another type, the entries are acknowledged and nothing is published.
    """
    stream = consumer.partition.processed
    async with redis.pipeline(transaction=True) as transaction:
        for post in posts:
            transaction.xadd(stream, stream_fields(encode_processed(post)))
        for fields in encode_removed(removed):
            transaction.xadd(stream, stream_fields(fields))
        transaction.xtrim(stream, maxlen=keep_entries, approximate=True)
        transaction.xack(consumer.stream, consumer.group, *entry_ids)
        await transaction.execute()


async def acknowledge_unpublished(
    redis: Redis, consumer: Consumer, *, posts: int, entry_ids: Sequence[str], keep_entries: int
) -> None:
    """Acknowledge entries whose stored posts cannot be published at maxmemory, and write one gap entry in their place.

    The gap entry is small, and acknowledged entries can be trimmed, which frees memory. Removals are not announced.

    Raises:
        redis.RedisError: nothing was done or, if the connection broke, perhaps all of it.
    """
    await redis.eval(
        _LEAVE_A_GAP,
        2,
        consumer.stream,
        consumer.partition.processed,
        consumer.group,
        str(keep_entries),
        GAP_FIELD.decode(),
        str(posts),
        *entry_ids,
    )
