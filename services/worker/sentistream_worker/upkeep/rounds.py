"""Does the upkeep at intervals."""

import asyncio

from redis.asyncio import Redis
from redis.exceptions import RedisError

from sentistream_core.broker.consumer_group import ConsumerGroup
from sentistream_core.broker.streams import POSTS_STREAM, PROCESSED_STREAM, UPKEEP_LOCK
from sentistream_core.log import get_logger
from sentistream_worker import metrics
from sentistream_worker.settings import WorkerSettings
from sentistream_worker.upkeep.consumers import remove_idle_consumers
from sentistream_worker.upkeep.trimming import trim_older_than, trim_processed


async def run_rounds(redis: Redis, place: ConsumerGroup, settings: WorkerSettings) -> None:
    """Runs as a task: each interval, the worker that comes first does the round for all."""
    while True:
        try:
            if await redis.set(UPKEEP_LOCK, place.consumer, nx=True, px=int(settings.upkeep_interval_seconds * 1000)):
                await _round(redis, place, settings)
        except RedisError:
            # The stages notice the outage and report it; the next round does what this one left.
            get_logger().debug("upkeep was put off", exc_info=True)
        await asyncio.sleep(settings.upkeep_interval_seconds)


async def _round(redis: Redis, place: ConsumerGroup, settings: WorkerSettings) -> None:
    trimmed = await trim_processed(redis, POSTS_STREAM, keep_seconds=settings.posts_keep_seconds)
    metrics.STREAM_TRIMMED.labels(POSTS_STREAM).inc(trimmed)
    trimmed = await trim_older_than(redis, PROCESSED_STREAM, seconds=settings.processed_keep_seconds)
    metrics.STREAM_TRIMMED.labels(PROCESSED_STREAM).inc(trimmed)
    removed = await remove_idle_consumers(redis, place, idle_seconds=settings.consumer_idle_seconds)
    if removed:
        get_logger().info("removed idle consumers", consumers=removed)
