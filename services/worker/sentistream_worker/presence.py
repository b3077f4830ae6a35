"""Tells the API that this worker is there and what it can do."""

import asyncio
import contextlib
import json
import time
from typing import Final

from redis.asyncio import Redis
from redis.exceptions import RedisError

from sentistream_core.broker.streams import WORKERS_KEY
from sentistream_worker.capacity import Capacity

_EVERY_SECONDS: Final = 5.0


async def announce(redis: Redis, consumer: str, capacity: Capacity) -> None:
    """Runs as a task: every five seconds the worker's field in the hash of workers; removed at the end."""
    try:
        while True:
            status = {"capacity": round(capacity.posts_per_second, 1), "seen": time.time()}
            with contextlib.suppress(RedisError):  # the stages notice the outage and report it
                await redis.hset(WORKERS_KEY, consumer, json.dumps(status))
            await asyncio.sleep(_EVERY_SECONDS)
    finally:
        with contextlib.suppress(RedisError):
            await redis.hdel(WORKERS_KEY, consumer)
