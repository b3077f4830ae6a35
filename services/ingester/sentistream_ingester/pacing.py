"""Pacing: how many posts to write when. It is open-loop: the clock decides what is due, not the speed of writing."""

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

    A late call also gets the posts that were missed, but of at most `LONGEST_CATCH_UP_SECONDS`: after a long outage the
    stream continues at its rate instead of flooding the broker, and memory stays bounded.
    """

    def __init__(self, *, start: float) -> None:
        """Start at this time. All times are seconds of one monotonic clock."""
        self._last = start
        self._owed = 0.0
        self.skipped_seconds = 0.0
        """Total time that was not caught up, because it was too long ago."""

    def due(self, now: float, rate: float) -> int:
        """How many posts have become due since the last call at this rate (posts per second, at least 0).

        For calls at most a second apart, the sum is rate x time, minus a fraction of one post.
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
        """Wait until posts may be written. Returns how many, from 1 to `at_most`; 0 when the process has to stop."""

    def spend(self, posts: int) -> None:
        """Tell the pacer how many posts are written."""


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
    """Waits only for back-pressure: with a share of 0.25 it pauses three times as long as the last write took.

    Nothing is read while it waits, so that a source that pushes has to wait, too.
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
        """Does nothing: there is no rate."""
