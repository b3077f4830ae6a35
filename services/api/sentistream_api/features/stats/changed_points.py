"""Which points of the live window an update must contain: a late post changes an old point."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sentistream_api.features.stats.schemas import Point

_TOLD_FOR_SECONDS: Final = 2.0
"""A client that has just joined may have a snapshot from before a change, and have missed the update with it."""


class ChangedPoints:
    def __init__(self) -> None:
        self._known: dict[datetime, tuple[Point, float]] = {}
        """Each point of the window, and when it was first seen with its present values."""

    def of(self, window: Sequence[Point], now: float) -> list[Point]:
        """The points that changed or were added within the last two seconds of a monotonic clock."""
        seen = [self._known.get(point.time, (None, 0.0)) for point in window]
        self._known = {
            point.time: (point, since if known == point else now)
            for point, (known, since) in zip(window, seen, strict=True)
        }
        return [point for point, since in self._known.values() if now - since <= _TOLD_FOR_SECONDS]
