"""Admission of new posts: refused while the backlog is too large or the broker's memory is nearly full."""

import time
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus

from sentistream_api.monitoring.pipeline_monitor import PipelineMonitor
from sentistream_api.problems import ProblemError, raises

_LONGEST_WAIT_SECONDS = 60
_WAIT_WITHOUT_RATE_SECONDS = 10


class BacklogFullError(ProblemError):
    status = HTTPStatus.SERVICE_UNAVAILABLE
    summary = "Too many posts wait to be processed; Retry-After tells when to try again"
    example = "120,400 posts wait to be processed, and the limit is 100,000. Send this again later."
    headers: Mapping[str, str] = {"Retry-After": "30"}

    def __init__(self, *, backlog: int, limit: int, seconds: int) -> None:
        super().__init__(f"{backlog:,} posts wait to be processed, and the limit is {limit:,}. Send this again later.")
        self.headers = {"Retry-After": str(seconds)}


class BrokerMemoryFullError(ProblemError):
    status = HTTPStatus.SERVICE_UNAVAILABLE
    summary = "The broker's memory is nearly full; Retry-After tells when to try again"
    example = "The broker has little memory left. Send this again later."
    headers: Mapping[str, str] = {"Retry-After": "10"}


@raises(BacklogFullError, BrokerMemoryFullError)
class Admission:
    """Admits posts. A process adds the posts that it admitted since the last sample of the broker to the backlog."""

    def __init__(self, monitor: PipelineMonitor, *, max_backlog: int, max_memory_share: float) -> None:
        self._monitor = monitor
        self._max_backlog = max_backlog
        self._max_memory_share = max_memory_share
        self._being_written = 0
        self._written: deque[tuple[float, int]] = deque()
        """When posts were written, and how many; only those that the last sample of the broker may lack."""

    @contextmanager
    def admit(self, posts: int) -> Iterator[None]:
        """Admit posts that are written within the block. While there is room for one post, a whole batch is admitted.

        Raises:
            BacklogFullError: the backlog has reached its limit; with an estimate of the time until it is below.
            BrokerMemoryFullError: the broker's used memory has reached its limit.
        """
        self._check()
        self._being_written += posts
        try:
            yield
        finally:
            self._being_written -= posts
            self._written.append((time.monotonic(), posts))

    def _check(self) -> None:
        latest = self._monitor.latest()
        if latest is None:
            return  # writing the posts will show whether the broker answers
        sample, rates = latest
        memory = sample.server
        limit = self._max_memory_share * (memory.max_memory or 0)
        if memory.used_memory is not None and 0 < limit <= memory.used_memory:
            raise BrokerMemoryFullError
        while self._written and self._written[0][0] < self._monitor.looked_at:
            self._written.popleft()
        backlog = sample.backlog.backlog + self._being_written + sum(posts for _, posts in self._written)
        surplus = backlog - self._max_backlog
        if surplus < 0:
            return
        seconds = _WAIT_WITHOUT_RATE_SECONDS
        if rates.processed_per_second:
            seconds = min(_LONGEST_WAIT_SECONDS, max(1, round(surplus / rates.processed_per_second)))
        raise BacklogFullError(backlog=backlog, limit=self._max_backlog, seconds=seconds)
