"""When to write how much: open-loop pacing, in which the clock says what is due and not how fast the last write was."""

import asyncio
import math
import time
from typing import Protocol

from sentistream_core.shutdown import wait_at_most
from sentistream_ingester.backpressure import BackPressure
from sentistream_ingester.metrics import LATE_SECONDS, SKIPPED_SECONDS, TARGET_RATE
from sentistream_ingester.patterns import RateAt

LONGEST_CATCH_UP_SECONDS = 1.0
_STANDSTILL_CHECK_SECONDS = 0.1


class Schedule:
    """Counts the posts that are due.

    Late calls get what was missed meanwhile, up to `LONGEST_CATCH_UP_SECONDS` worth of it: after a long outage the
    stream goes on at its rate instead of flooding the broker, and memory stays bounded.
    """

    def __init__(self, *, start: float) -> None:
        """Begin at this time; all times are in seconds of one monotonic clock."""
        self._last = start
        self._owed = 0.0
        self.skipped_seconds = 0.0
        """Time that was too long ago to catch up, in all."""

    def due(self, now: float, rate: float) -> int:
        """Posts that are due since the last call at this rate (posts/s, at least 0).

        Over any sequence of calls at most a second apart, the sum is rate x time, less a fraction of one post.
        """
        elapsed = now - self._last
        self._last = now
        counted = min(elapsed, LONGEST_CATCH_UP_SECONDS)
        self.skipped_seconds += elapsed - counted
        self._owed += counted * rate
        whole = math.floor(self._owed)
        self._owed -= whole
        return whole


class Pacer(Protocol):
    async def ready(self, at_most: int) -> int:
        """Wait until posts may be written; how many, from 1 to `at_most`, or 0 when the process has to stop."""

    def spend(self, posts: int) -> None:
        """So many of them were there to be written."""


class AtRate:
    """Follows a rate over time, in ticks of `interval` seconds, as far as back-pressure allows."""

    def __init__(
        self, rate_at: RateAt, *, source: str, interval: float, back_pressure: BackPressure, stop: asyncio.Event
    ) -> None:
        self._rate_at = rate_at
        self._target_rate = TARGET_RATE.labels(source)
        self._interval = interval
        self._back_pressure = back_pressure
        self._stop = stop
        self._available = 0
        now = time.monotonic()
        self._schedule = Schedule(start=now)
        self._next_tick = now + interval

    async def ready(self, at_most: int) -> int:
        while self._available == 0 and not self._stop.is_set():
            await wait_at_most(self._stop, self._next_tick - time.monotonic())
            self._tick()
        return 0 if self._stop.is_set() else min(at_most, self._available)

    def spend(self, posts: int) -> None:
        self._available -= posts

    def _tick(self) -> None:
        now = time.monotonic()
        late = max(0.0, now - self._next_tick)
        self._next_tick += self._interval
        self._next_tick = max(self._next_tick, now)
        rate = self._rate_at(time.time())
        skipped_before = self._schedule.skipped_seconds
        self._available = self._schedule.due(now, rate * self._back_pressure.share)
        SKIPPED_SECONDS.inc(self._schedule.skipped_seconds - skipped_before)
        LATE_SECONDS.set(late)
        self._target_rate.set(rate)


class AsTheyCome:
    """Never waits, except for back-pressure: a share of 0.25 means to pause three times as long as was worked.

    While it waits nothing is read, so that a source that pushes has to wait as well.
    """

    def __init__(self, *, back_pressure: BackPressure, stop: asyncio.Event) -> None:
        self._back_pressure = back_pressure
        self._stop = stop
        self._resumed = time.monotonic()

    async def ready(self, at_most: int) -> int:
        while self._back_pressure.share == 0:
            if await wait_at_most(self._stop, _STANDSTILL_CHECK_SECONDS):
                return 0
        share = self._back_pressure.share
        if share < 1:
            worked = min(time.monotonic() - self._resumed, LONGEST_CATCH_UP_SECONDS)
            await wait_at_most(self._stop, worked * (1 / share - 1))
        self._resumed = time.monotonic()
        return 0 if self._stop.is_set() else at_most

    def spend(self, posts: int) -> None:
        """Nothing is counted: there is no rate to keep."""
