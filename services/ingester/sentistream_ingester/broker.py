"""The broker, for as long as a run takes: it may be away, and the run waits."""

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
        """Repeat the operation until the broker has done it.

        A broker that refuses it (wrong password, read-only replica, full memory) counts as away: whoever mends it need
        not restart this process, and the log has what it said.

        Raises:
            GivingUpError: `give_up` was set while the broker was away.
        """
        return await retry(operation, dependency=self._dependency, is_outage=is_outage, give_up=self._give_up)
