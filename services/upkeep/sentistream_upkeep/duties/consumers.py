"""Removes idle consumers: those of workers whose pod no longer exists."""

from typing import Final

from redis.asyncio import Redis

from sentistream_core.broker.consumer_group import WORKER_GROUP, list_consumers
from sentistream_core.broker.topology import Partition
from sentistream_core.log import get_logger
from sentistream_upkeep import metrics
from sentistream_upkeep.duty import Duty, Tools

_EVERY_SECONDS: Final = 60.0

_DELETE_IF_NOTHING_IS_PENDING = """
if #redis.call('XPENDING', KEYS[1], ARGV[1], '-', '+', 1, ARGV[2]) > 0 then return 0 end
redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], ARGV[2])
return 1
"""
"""One atomic step: deleting a consumer also deletes its pending list, and those entries would never be processed."""


def remove_consumers(tools: Tools) -> Duty:
    async def run() -> None:
        idle_seconds = tools.settings.consumer_idle_seconds
        for partition in tools.settings.topology.partitions:
            removed = await remove_idle_consumers(tools.redis, partition, idle_seconds=idle_seconds)
            metrics.CONSUMERS_REMOVED.inc(len(removed))
            if removed:
                get_logger().info("removed idle consumers", stream=partition.posts, consumers=removed)

    return Duty("remove_consumers", _EVERY_SECONDS, run)


async def remove_idle_consumers(redis: Redis, partition: Partition, *, idle_seconds: float) -> list[str]:
    """Remove consumers that have been idle for that long and have no pending entries. Returns their names."""
    removed = []
    for consumer in await list_consumers(redis, partition):
        is_idle = consumer.idle_milliseconds > idle_seconds * 1000 and consumer.pending == 0
        if is_idle and await redis.eval(_DELETE_IF_NOTHING_IS_PENDING, 1, partition.posts, WORKER_GROUP, consumer.name):
            removed.append(consumer.name)
    return removed
