"""The rate limit of clients, counted in Redis for all API processes together."""

import asyncio
import math
import time
from typing import Final

from limits import RateLimitItem
from limits.aio.storage import RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from redis.asyncio import Redis
from redis.exceptions import RedisError

from sentistream_api import metrics

_WAIT_SECONDS: Final = 0.25
_PAUSE_SECONDS: Final = 1.0


class RateLimit:
    """Fails open: while Redis does not answer, requests are admitted uncounted, and a metric shows how many."""

    def __init__(self, redis: Redis, limit: RateLimitItem) -> None:
        self._limit = limit
        self._limiter = SlidingWindowCounterRateLimiter(
            RedisStorage(
                "async+redis://",  # not used: the pool carries the address
                implementation="redispy",
                key_prefix="sentistream:rate",
                connection_pool=redis.connection_pool,  # type: ignore[arg-type]
            )
        )
        self._paused_until = 0.0

    def of(self, times: int) -> RateLimitItem:
        """`times` times the limit of a client."""
        return type(self._limit)(times * self._limit.amount, self._limit.multiples)

    async def seconds_to_wait(self, identity: str, times: int = 1) -> int:
        """Count a request if it is within `times` times the limit. Returns 0, or else the seconds until one may be."""
        limit = self.of(times)
        if time.monotonic() < self._paused_until:
            metrics.UNLIMITED_REQUESTS.inc()
            return 0
        try:
            async with asyncio.timeout(_WAIT_SECONDS):
                if await self._limiter.hit(limit, identity):
                    return 0
                window = await self._limiter.get_window_stats(limit, identity)
        except (RedisError, TimeoutError):
            self._paused_until = time.monotonic() + _PAUSE_SECONDS
            metrics.UNLIMITED_REQUESTS.inc()
            return 0
        metrics.LIMITED_REQUESTS.inc()
        return max(1, math.ceil(window.reset_time - time.time()))
