"""Outages of Redis or PostgreSQL: retry with back-off, and one log line for each change of state."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from prometheus_client import Gauge

from sentistream_core.backoff import Backoff
from sentistream_core.log import get_logger
from sentistream_core.shutdown import wait_at_most

T = TypeVar("T")

DEPENDENCY_UP = Gauge(
    "sentistream_dependency_up", "1 while the last use of the dependency succeeded, else 0", ["dependency"]
)


def describe_error(error: Exception) -> str:
    """The error's type and the first line of its message: some drivers' messages are pages long, others are empty."""
    first_line = str(error).partition("\n")[0]
    return f"{type(error).__name__}: {first_line}" if first_line else type(error).__name__


class Dependency:
    """One server that this process cannot work without."""

    def __init__(self, name: str, describe: Callable[[Exception], str] = describe_error) -> None:
        self.name = name
        self.describe = describe
        self._down_since: float | None = None
        DEPENDENCY_UP.labels(name).set(1)

    @property
    def is_up(self) -> bool:
        return self._down_since is None

    def failed(self, error: Exception) -> None:
        if self._down_since is None:
            self._down_since = time.monotonic()
            DEPENDENCY_UP.labels(self.name).set(0)
            get_logger().warning("dependency is away, retrying", dependency=self.name, error=self.describe(error))

    def succeeded(self) -> None:
        if self._down_since is not None:
            seconds = round(time.monotonic() - self._down_since, 1)
            self._down_since = None
            DEPENDENCY_UP.labels(self.name).set(1)
            get_logger().info("dependency is back", dependency=self.name, after_seconds=seconds)


class GivingUpError(Exception):
    """The operation did not succeed before the process had to stop."""


async def retry(
    operation: Callable[[], Awaitable[T]],
    *,
    dependency: Dependency,
    is_outage: Callable[[Exception], bool],
    give_up: asyncio.Event,
) -> T:
    """Repeat the operation until it succeeds.

    When `give_up` is set during an outage, the current attempt is finished and no other is made: it could take as long
    as its time-out.

    Raises:
        GivingUpError: `give_up` was set while the dependency was away.
        Exception: what the operation raised, if `is_outage` is false for it.
    """
    backoff = Backoff()
    while True:
        if give_up.is_set() and not dependency.is_up:
            raise GivingUpError(f"{dependency.name} is away")
        try:
            result = await operation()
        except Exception as error:
            if not is_outage(error):
                raise
            dependency.failed(error)
            if await wait_at_most(give_up, backoff.next_delay()):
                raise GivingUpError(f"{dependency.name} is away: {dependency.describe(error)}") from error
        else:
            dependency.succeeded()
            return result
