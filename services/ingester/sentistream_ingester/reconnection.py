"""Going on after a connection to a source ended: counted by reason, logged once, and made anew with back-off."""

import asyncio
import time
from typing import Final

from sentistream_core.backoff import Backoff
from sentistream_core.log import get_logger
from sentistream_ingester.metrics import RECONNECTS

FIRST_DELAY_SECONDS: Final = 0.5
LONGEST_DELAY_SECONDS: Final = 30.0


class ConnectionLostError(Exception):
    """A connection ended, or could not be made; another try may succeed."""

    def __init__(self, reason: str, detail: str) -> None:
        """`reason` is one of a few words, a label of metrics; `detail` is for people."""
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


class Reconnection:
    """Waits from 0.25 to 30 seconds between two tries, longer with each that brings nothing."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._backoff = Backoff(first=FIRST_DELAY_SECONDS, most=LONGEST_DELAY_SECONDS)
        self._away_since: float | None = None

    def brought_something(self) -> None:
        """Call when something came over the connection; cheap enough to be called each time."""
        if self._away_since is None:
            return
        seconds = round(time.monotonic() - self._away_since, 1)
        self._away_since = None
        self._backoff.reset()
        get_logger().info("the source is back", after_seconds=seconds)

    async def wait_after(self, lost: ConnectionLostError) -> None:
        """Count it and wait until the next try is due."""
        RECONNECTS.labels(self._source, lost.reason).inc()
        if self._away_since is None:
            self._away_since = time.monotonic()
            get_logger().warning("the source is away, connecting again", reason=lost.reason, error=lost.detail)
        await asyncio.sleep(self._backoff.next_delay())
