"""Whether more posts may come in: not while too many wait."""

from collections.abc import Mapping
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


@raises(BacklogFullError)
class Admission:
    def __init__(self, monitor: PipelineMonitor, *, max_backlog: int) -> None:
        self._monitor = monitor
        self._max_backlog = max_backlog

    def check(self) -> None:
        """Nothing while there is room.

        Raises:
            BacklogFullError: more posts wait than the limit allows; with the time until they do not.
        """
        latest = self._monitor.latest()
        if latest is None:
            return  # whoever writes next will see for himself whether the broker is there
        sample, rates = latest
        surplus = sample.backlog.backlog - self._max_backlog
        if surplus < 0:
            return
        seconds = _WAIT_WITHOUT_RATE_SECONDS
        if rates.processed_per_second:
            seconds = min(_LONGEST_WAIT_SECONDS, max(1, round(surplus / rates.processed_per_second)))
        raise BacklogFullError(backlog=sample.backlog.backlog, limit=self._max_backlog, seconds=seconds)
