"""Back-pressure: slow down when the workers fall behind or the broker's memory fills up."""

import asyncio
from dataclasses import dataclass

from redis.asyncio import Redis
from redis.exceptions import RedisError

from sentistream_core.broker.backlog import measure
from sentistream_core.broker.client import is_outage
from sentistream_core.dependency import describe_error
from sentistream_core.log import get_logger
from sentistream_core.shutdown import wait_at_most
from sentistream_ingester.metrics import THROTTLE_RATIO

MEASURE_EVERY_SECONDS = 1.0
BRAKE_FROM = 0.8
"""Share of a limit from which on the rate is reduced; at the limit itself it is 0."""
RELEASE_BELOW = 0.7
"""Share of a limit below which the brake counts as released; the distance keeps the log quiet at the edge."""


@dataclass(frozen=True, slots=True)
class Limits:
    backlog: int
    """Most entries that may wait for the workers; 0 is no limit."""
    memory_share: float
    """Most of the broker's maxmemory that may be used; 0 is no limit."""


@dataclass(frozen=True, slots=True)
class Load:
    backlog: int
    memory_used: int
    memory_limit: int
    """The broker's maxmemory in bytes; 0 is no limit."""


def pressure(load: Load, limits: Limits) -> float:
    """How full the fuller of backlog and memory is: 1 is at its limit."""
    of_backlog = load.backlog / limits.backlog if limits.backlog else 0.0
    allowed_memory = load.memory_limit * limits.memory_share
    of_memory = load.memory_used / allowed_memory if allowed_memory else 0.0
    return max(of_backlog, of_memory)


def share_of_rate(pressure: float) -> float:
    """The share of the rate that is written, in [0, 1]: all up to `BRAKE_FROM`, then falling in a line to none at 1.

    A slope instead of a switch lets ingester and workers settle at the workers' pace.
    """
    return min(1.0, max(0.0, (1 - pressure) / (1 - BRAKE_FROM)))


class BackPressure:
    """Knows how much of the rate is allowed right now."""

    def __init__(self, redis: Redis, limits: Limits) -> None:
        self._redis = redis
        self._limits = limits
        self._braking = False
        self.share = 1.0
        """Share of the rate, in [0, 1], as of the last measurement."""
        THROTTLE_RATIO.set(1)

    async def watch(self, stop: asyncio.Event) -> None:
        """Measure once a second until `stop` is set.

        While the broker is away, which the writer logs, the last measurement holds. A broker that does not tell its
        load (say, INFO is forbidden to this user) switches back-pressure off, with a line in the log.
        """
        while True:
            try:
                self._apply(await self._measure())
            except RedisError as error:
                if not is_outage(error):
                    get_logger().error("back-pressure is off, the load is unknown", error=describe_error(error))
                    return
            if await wait_at_most(stop, MEASURE_EVERY_SECONDS):
                return

    async def _measure(self) -> Load:
        memory = await self._redis.info("memory")
        backlog = (await measure(self._redis)).backlog if self._limits.backlog else 0
        return Load(backlog, memory_used=memory["used_memory"], memory_limit=memory["maxmemory"])

    def _apply(self, load: Load) -> None:
        now = pressure(load, self._limits)
        self.share = share_of_rate(now)
        THROTTLE_RATIO.set(self.share)
        if not self._braking and self.share < 1:
            self._braking = True
            get_logger().warning("back-pressure begins", share_of_rate=round(self.share, 2), **_describe(load))
        elif self._braking and now < RELEASE_BELOW:
            self._braking = False
            get_logger().info("back-pressure ends", **_describe(load))


def _describe(load: Load) -> dict[str, int]:
    return {"backlog": load.backlog, "memory_used": load.memory_used, "memory_limit": load.memory_limit}
