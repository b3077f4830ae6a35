"""Back-pressure: slow down when the workers fall behind or the broker's memory fills up."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from redis.asyncio import Redis
from redis.exceptions import RedisError

from sentistream_core.broker.backlog import measure
from sentistream_core.broker.client import is_forbidden
from sentistream_core.broker.topology import Topology
from sentistream_core.dependency import describe_error
from sentistream_core.log import get_logger
from sentistream_core.settings import variable_name
from sentistream_core.shutdown import wait_at_most
from sentistream_ingester.metrics import THROTTLE_RATIO

T = TypeVar("T")

MEASURE_EVERY_SECONDS = 1.0
BRAKE_FROM = 0.8
"""Share of a limit above which the rate is reduced; at the limit the rate is 0."""
RELEASE_BELOW = 0.7
"""Share of a limit below which back-pressure has ended; lower than `BRAKE_FROM`, so that the log does not flap."""


@dataclass(frozen=True, slots=True)
class Limits:
    backlog: int
    """Largest backlog; 0: no limit."""
    memory_share: float
    """Largest share of the broker's maxmemory that may be used; 0: no limit."""


@dataclass(frozen=True, slots=True)
class Memory:
    """The broker's memory, in bytes."""

    used: int
    limit: int
    """The broker's maxmemory; 0: no limit."""


@dataclass(frozen=True, slots=True)
class Load:
    """The measured load. A value is None if there is no limit for it, or if this user may not ask for it."""

    backlog: int | None
    memory: Memory | None


def pressure(load: Load, limits: Limits) -> float:
    """The larger of backlog and memory in relation to its limit; 1 is at the limit.

    If one value is unknown, the other one decides. If none is left to decide, the limit counts as reached: otherwise a
    stream without workers would be written until the broker is full.
    """
    of_limits = []
    if limits.backlog and load.backlog is not None:
        of_limits.append(load.backlog / limits.backlog)
    if limits.memory_share and load.memory is not None and load.memory.limit:
        of_limits.append(load.memory.used / (load.memory.limit * limits.memory_share))
    is_unknown = (limits.backlog and load.backlog is None) or (limits.memory_share and load.memory is None)
    return max(of_limits, default=1.0 if is_unknown else 0.0)


def share_of_rate(pressure: float) -> float:
    """The share of the rate to write, in [0, 1]: 1 up to `BRAKE_FROM`, then decreasing linearly to 0 at pressure 1.

    With a slope instead of a switch, the ingester settles at the workers' rate.
    """
    return min(1.0, max(0.0, (1 - pressure) / (1 - BRAKE_FROM)))


class BackPressure:
    """Determines which share of the rate may be written now."""

    def __init__(self, redis: Redis, topology: Topology, limits: Limits, *, source: str) -> None:
        self._redis = redis
        self._topology = topology
        self._limits = limits
        self._throttle_ratio = THROTTLE_RATIO.labels(source)
        self._braking = False
        self._unknown: set[str] = set()
        """The variables of limits whose values this user may not ask for."""
        self.share = 1.0
        """Share of the rate, in [0, 1], as of the last measurement."""
        self._throttle_ratio.set(1)

    async def watch(self, stop: asyncio.Event) -> None:
        """Measure once a second until `stop` is set.

        During an outage of the broker, which the writer logs, the last measurement stays valid. Values that this user
        may not ask for are tried again each time, and changes are logged.
        """
        while True:
            with suppress(RedisError):  # it is away
                self._apply(await self._measure())
            if await wait_at_most(stop, MEASURE_EVERY_SECONDS):
                return

    async def _measure(self) -> Load:
        memory = await self._ask("ingester_max_memory_share", self._memory) if self._limits.memory_share else None
        backlog = await self._ask("ingester_max_backlog", self._backlog) if self._limits.backlog else None
        return Load(backlog, memory)

    async def _memory(self) -> Memory:
        info = await self._redis.info("memory")
        return Memory(used=info["used_memory"], limit=info["maxmemory"])

    async def _backlog(self) -> int:
        return (await measure(self._redis, self._topology)).backlog

    async def _ask(self, setting: str, question: Callable[[], Awaitable[T]]) -> T | None:
        limit = variable_name(setting)
        try:
            answer = await question()
        except RedisError as error:
            if not is_forbidden(error):
                raise
            if limit not in self._unknown:
                self._unknown.add(limit)
                get_logger().error(
                    "a limit is not kept, because its measure is unknown", limit=limit, error=describe_error(error)
                )
            return None
        if limit in self._unknown:
            self._unknown.remove(limit)
            get_logger().info("a limit is kept again", limit=limit)
        return answer

    def _apply(self, load: Load) -> None:
        now = pressure(load, self._limits)
        self.share = share_of_rate(now)
        self._throttle_ratio.set(self.share)
        if not self._braking and self.share < 1:
            self._braking = True
            get_logger().warning("back-pressure begins", share_of_rate=round(self.share, 2), **_describe(load))
        elif self._braking and now < RELEASE_BELOW:
            self._braking = False
            get_logger().info("back-pressure ends", **_describe(load))


def _describe(load: Load) -> dict[str, int | None]:
    fields: dict[str, int | None] = {"backlog": load.backlog}
    if load.memory:
        fields |= {"memory_used": load.memory.used, "memory_limit": load.memory.limit}
    return fields
