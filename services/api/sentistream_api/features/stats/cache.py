"""A cache of /api/stats that all API processes share through Redis, so that many dashboards cause only one count."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final
from uuid import uuid4

from redis.asyncio import Redis
from redis.exceptions import RedisError

from sentistream_api import metrics
from sentistream_api.features.stats.schemas import Stats
from sentistream_api.features.stats.windows import Window
from sentistream_api.problems import DatabaseUnavailableError, QueryTooLongError, raises

_BROKER_SECONDS: Final = 0.25
_PAUSE_SECONDS: Final = 1.0
_PATIENCE_SECONDS: Final = 1.0
_LOOK_AGAIN_SECONDS: Final = 0.01
_REFILL_MILLISECONDS: Final = 10_000
"""If a process has not refilled the cache after this time, another one may."""

_LOOK: Final = """
local answer = redis.call('GET', KEYS[1])
if answer then return answer end
return redis.call('SET', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[2]) and 1 or 0
"""
"""Returns the answer; without one, 1 if the caller has to refill it, or 0 while another process does."""

_RELEASE: Final = """
if ARGV[2] ~= '' then redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) end
if redis.call('GET', KEYS[2]) == ARGV[1] then redis.call('DEL', KEYS[2]) end
"""


@raises(DatabaseUnavailableError, QueryTooLongError)
class StatsCache:
    """Fails open: while Redis does not answer, each process counts for itself, which a metric shows."""

    def __init__(self, redis: Redis, count: Callable[[Window | None], Awaitable[Stats]], *, milliseconds: int) -> None:
        self._look = redis.register_script(_LOOK)
        self._release = redis.register_script(_RELEASE)
        self._count = count
        self._milliseconds = milliseconds
        self._paused_until = 0.0
        self._asked: dict[Window | None, asyncio.Task[Stats]] = {}

    async def get(self, window: Window | None) -> Stats:
        """Statistics that were counted at most so many milliseconds ago.

        Requests that come while this process finds an answer get the same one, or the same error.

        Raises:
            psycopg.Error: the database did not answer.
        """
        if self._milliseconds == 0:
            return await self._count(window)
        asked = self._asked.get(window)
        if asked is None:
            asked = self._asked[window] = asyncio.create_task(self._find(window))
            asked.add_done_callback(lambda _: self._asked.pop(window))
        return await asyncio.shield(asked)

    async def _find(self, window: Window | None) -> Stats:
        name = window.value if window else "all"
        keys = [f"sentistream:stats:{name}", f"sentistream:stats:{name}:refill"]
        token = uuid4().hex
        try:
            answer = await self._wait_for_answer_or_turn(keys, token)
        except (RedisError, TimeoutError):
            self._paused_until = time.monotonic() + _PAUSE_SECONDS
            answer = None
        if answer is None:
            metrics.STATS_ANSWERS.labels("uncached").inc()
            return await self._count(window)
        if answer:
            metrics.STATS_ANSWERS.labels("shared").inc()
            return Stats.model_validate_json(answer)
        metrics.STATS_ANSWERS.labels("counted").inc()
        refill = b""
        try:
            stats = await self._count(window)
            refill = stats.model_dump_json().encode()
        finally:
            with suppress(RedisError, TimeoutError):  # the next request notices
                async with asyncio.timeout(_BROKER_SECONDS):
                    await self._release(keys, [token, refill, self._milliseconds])
        return stats

    async def _wait_for_answer_or_turn(self, keys: list[str], token: str) -> bytes | None:
        """The answer; empty if this process has to count; None if there was no decision in time."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while self._paused_until < time.monotonic() < deadline:
            async with asyncio.timeout(_BROKER_SECONDS):
                found: bytes | int = await self._look(keys, [token, _REFILL_MILLISECONDS])
            if isinstance(found, bytes):
                return found
            if found:
                return b""
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)
        return None
