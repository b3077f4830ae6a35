"""Broker commands that are repeated during an outage."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from redis.asyncio import Redis

from sentistream_core.broker.client import is_outage
from sentistream_core.dependency import Dependency, retry

T = TypeVar("T")


class Broker:
    def __init__(self, redis: Redis, *, give_up: asyncio.Event) -> None:
        self.redis = redis
        self._give_up = give_up
        self._dependency = Dependency("redis")

    async def answer(self, operation: Callable[[], Awaitable[T]]) -> T:
        """Repeat the operation until it succeeds.

        A refusal (wrong password, read-only replica, full memory) counts as an outage. It is logged, and this process
        need not be restarted after the broker is fixed.

        Raises:
            GivingUpError: `give_up` was set while the broker was away.
        """
        return await retry(operation, dependency=self._dependency, is_outage=is_outage, give_up=self._give_up)
