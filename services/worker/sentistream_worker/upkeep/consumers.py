"""Remove consumers whose pod is gone."""

from redis.asyncio import Redis

from sentistream_core.broker.consumer_group import ConsumerGroup, list_consumers

_DELETE_IF_NOTHING_IS_PENDING = """
if #redis.call('XPENDING', KEYS[1], ARGV[1], '-', '+', 1, ARGV[2]) > 0 then return 0 end
redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], ARGV[2])
return 1
"""
"""One step, because deleting a consumer throws away what is pending for it, and with it those entries."""


async def remove_idle_consumers(redis: Redis, place: ConsumerGroup, *, idle_seconds: float) -> list[str]:
    """Remove consumers that have asked for nothing for so long and hold nothing; their names."""
    removed = []
    for consumer in await list_consumers(redis, place.stream, place.group):
        is_idle = consumer.idle_milliseconds > idle_seconds * 1000 and consumer.pending == 0
        if is_idle and consumer.name != place.consumer:
            deleted = await redis.eval(_DELETE_IF_NOTHING_IS_PENDING, 1, place.stream, place.group, consumer.name)
            if deleted:
                removed.append(consumer.name)
    return removed
