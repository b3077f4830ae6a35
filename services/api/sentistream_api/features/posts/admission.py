"""Whether more posts may come in: not while too many wait."""

from fastapi import HTTPException

from sentistream_api.monitoring.pipeline_monitor import PipelineMonitor

_LONGEST_WAIT_SECONDS = 60
_WAIT_WITHOUT_RATE_SECONDS = 10


class Admission:
    def __init__(self, monitor: PipelineMonitor, *, max_backlog: int) -> None:
        self._monitor = monitor
        self._max_backlog = max_backlog

    def check(self) -> None:
        """Raises HTTPException 503 when more posts wait than the limit allows, with the time until they do not."""
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
        raise HTTPException(
            503,
            f"{sample.backlog.backlog:,} posts wait to be processed, and the limit is {self._max_backlog:,}. "
            "Send this again later.",
            {"Retry-After": str(seconds)},
        )
