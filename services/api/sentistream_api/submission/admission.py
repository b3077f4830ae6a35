"""Whether more posts may come in: not while too many wait, nor while the broker's memory is nearly full."""

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
    """Each process counts what it has let in since the broker was looked at, so that limits hold in between."""

    def __init__(self, monitor: PipelineMonitor, *, max_backlog: int, max_memory_share: float) -> None:
        self._monitor = monitor
        self._max_backlog = max_backlog
        self._max_memory_share = max_memory_share
        self._being_written = 0
        self._written: deque[tuple[float, int]] = deque()
        """When posts had been written, and how many; those that the last look at the broker may not have seen."""

    @contextmanager
    def admit(self, posts: int) -> Iterator[None]:
        """Let posts in that are written in the block. A batch is let in whole while there is room for one post.

        Raises:
            BacklogFullError: as many posts wait as the limit allows; with the time until fewer do.
            BrokerMemoryFullError: more of the broker's memory is used than the limit allows.
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
            return  # whoever writes next will see for himself whether the broker is there
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
