"""Reconnecting to a source with back-off: each lost connection is counted, each outage is logged once."""

import asyncio
import time
from typing import Final

from sentistream_core.backoff import Backoff
from sentistream_core.log import get_logger
from sentistream_ingester.metrics import RECONNECTS

FIRST_DELAY_SECONDS: Final = 0.5
LONGEST_DELAY_SECONDS: Final = 30.0


class ConnectionLostError(Exception):
    """A connection ended or failed; another attempt may succeed."""

    def __init__(self, reason: str, detail: str) -> None:
        """`reason` is a short word for a metric label; `detail` is text for people."""
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


class Reconnection:
    """Waits between 0.25 and 30 seconds between two attempts, with back-off until one receives something."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._backoff = Backoff(first=FIRST_DELAY_SECONDS, most=LONGEST_DELAY_SECONDS)
        self._away_since: float | None = None

    def brought_something(self) -> None:
        """Call when something was received; cheap enough to be called for every message."""
        if self._away_since is None:
            return
        seconds = round(time.monotonic() - self._away_since, 1)
        self._away_since = None
        self._backoff.reset()
        get_logger().info("the source is back", after_seconds=seconds)

    async def wait_after(self, lost: ConnectionLostError) -> None:
        """Count the lost connection and wait until the next attempt."""
        RECONNECTS.labels(self._source, lost.reason).inc()
        if self._away_since is None:
            self._away_since = time.monotonic()
            get_logger().warning("the source is away, connecting again", reason=lost.reason, error=lost.detail)
        await asyncio.sleep(self._backoff.next_delay())
