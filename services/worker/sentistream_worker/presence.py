"""Reports this worker to the API: that it is alive, its capacity and its rate."""

import asyncio
import contextlib
import json
import time
from collections.abc import Callable
from typing import Final

from redis.asyncio import Redis
from redis.exceptions import RedisError

from sentistream_core.broker.workers import WORKERS_KEY
from sentistream_worker.capacity import Capacity

_EVERY_SECONDS: Final = 2.0


async def announce(redis: Redis, consumer: str, capacity: Capacity, ended: Callable[[], int]) -> None:
    """Write the worker's field in the hash of workers every two seconds; remove it at the end. Runs as a task.

    `ended` returns how many entries this worker has finished so far, dead letters included.
    """
    before, at = ended(), time.monotonic()
    try:
        while True:
            await asyncio.sleep(_EVERY_SECONDS)
            now, count = time.monotonic(), ended()
            status = {
                "capacity": round(capacity.posts_per_second, 1),
                "rate": round((count - before) / (now - at), 1),
                "seen": time.time(),
            }
            before, at = count, now
            with contextlib.suppress(RedisError):  # the stages notice the outage and report it
                await redis.hset(WORKERS_KEY, consumer, json.dumps(status))
    finally:
        with contextlib.suppress(RedisError):
            await redis.hdel(WORKERS_KEY, consumer)
