"""A duty: one kind of periodic work, and how it is repeated."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import NoReturn, TypeAlias

from redis.asyncio import Redis
from redis.exceptions import RedisError

from sentistream_core.database.pool import Pool, is_outage
from sentistream_core.dependency import describe_error
from sentistream_core.log import get_logger
from sentistream_upkeep import metrics
from sentistream_upkeep.settings import UpkeepSettings


@dataclass(frozen=True, slots=True)
class Tools:
    """The settings and connections that duties use."""

    settings: UpkeepSettings
    redis: Redis
    pool: Pool


@dataclass(frozen=True, slots=True)
class Duty:
    """Work that must be safe to run twice at the same time: after a network fault two processes may lead briefly."""

    name: str
    interval_seconds: float
    run: Callable[[], Awaitable[None]]


DutyMaker: TypeAlias = Callable[[Tools], Duty]


async def repeat(duty: Duty) -> NoReturn:
    """Run the duty at once, then at its interval. Runs as a task.

    A failed run is counted, and does not change when the next one starts. The first of several failures is logged.
    """
    metrics.INTERVAL.labels(duty.name).set(duty.interval_seconds)
    metrics.LAST_SUCCESS.labels(duty.name).set_to_current_time()
    failing = False
    while True:
        started = time.monotonic()
        try:
            with metrics.RUN_SECONDS.labels(duty.name).time():
                await duty.run()
        except Exception as error:  # noqa: BLE001 (a fault of one duty must not end the others; an alert reports it)
            metrics.RUNS.labels(duty.name, "failed").inc()
            if not failing:
                _log_failure(duty, error)
            failing = True
        else:
            metrics.RUNS.labels(duty.name, "succeeded").inc()
            metrics.LAST_SUCCESS.labels(duty.name).set_to_current_time()
            if failing:
                get_logger().info("the duty succeeds again", duty=duty.name)
            failing = False
        await asyncio.sleep(max(0.0, duty.interval_seconds - (time.monotonic() - started)))


def _log_failure(duty: Duty, error: Exception) -> None:
    if isinstance(error, RedisError) or is_outage(error):
        get_logger().warning("the duty failed, trying again", duty=duty.name, error=describe_error(error))
    else:
        get_logger().error("the duty failed", duty=duty.name, exc_info=error)
