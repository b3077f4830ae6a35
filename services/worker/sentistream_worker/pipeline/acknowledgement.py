"""How entries leave the consumer group: after their posts were stored and published, or with a dead letter."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from redis.asyncio import Redis

from sentistream_core.broker.consumer_group import Consumer
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
"""A script, where MULTI would acknowledge even if the dead letter cannot be written (a key of another type, say).

An entry that is acknowledged already got its letter by an attempt whose answer was lost; one that is not in the stream
any more belongs to a broker that lost its data, and gets one all the same.

It runs at maxmemory, too: the letter holds what the entry held, which can be trimmed from then on.
"""

_LEAVE_A_GAP: Final = """#!lua flags=allow-oom
if ARGV[4] ~= '0' then redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[2], '*', ARGV[3], ARGV[4]) end
for first = 5, #ARGV, 1000 do
    redis.call('XACK', KEYS[1], ARGV[1], unpack(ARGV, first, math.min(first + 999, #ARGV)))
end
"""
"""A script, because nothing else may add an entry at maxmemory; Redis 7.0 does not let it do so within MULTI."""


async def write_dead_letters(redis: Redis, consumer: Consumer, letters: Sequence[DeadLetter]) -> None:
    """Write each letter once and acknowledge its entry, however often this is repeated.

    Raises:
        redis.RedisError: some letters may be written; none was acknowledged without.
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
    """Write the posts and the ids of removed ones to the processed stream and acknowledge the entries, all or nothing.

    `entry_ids` are those of the posts and removals, and of entries that brought nothing new.

    Repeated after a lost answer, it publishes them again: readers know a post by its id.

    Raises:
        redis.RedisError: nothing was done or, if the connection broke, perhaps all of it.
    """
    stream = consumer.partition.processed
    async with redis.pipeline(transaction=True) as transaction:
        for post in posts:
            transaction.xadd(stream, encode_processed(post))  # type: ignore[arg-type]
        for fields in encode_removed(removed):
            transaction.xadd(stream, fields)  # type: ignore[arg-type]
        transaction.xtrim(stream, maxlen=keep_entries, approximate=True)
        transaction.xack(consumer.stream, consumer.group, *entry_ids)
        await transaction.execute()


async def acknowledge_unpublished(
    redis: Redis, consumer: Consumer, *, posts: int, entry_ids: Sequence[str], keep_entries: int
) -> None:
    """Acknowledge entries of stored posts that the broker has no memory to publish, and leave one entry for them.

    That entry is small, and what is acknowledged can be trimmed, so that memory becomes free again.

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
