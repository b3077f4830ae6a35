"""Time spans that statistics are asked for, and the buckets that answer them."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sentistream_core.database.sentiment_counts.resolutions import ALL_TIME, RESOLUTIONS, BucketRange, ranges_since

_FIVE_SECONDS, _MINUTE, _HOUR, _ = RESOLUTIONS


class Window(StrEnum):
    """A span that ends now."""

    FIFTEEN_MINUTES = "15m"
    HOUR = "1h"
    DAY = "24h"
    WEEK = "7d"
    MONTH = "30d"


_LENGTH_AND_FINEST: Final = {
    Window.FIFTEEN_MINUTES: (timedelta(minutes=15), _FIVE_SECONDS),
    Window.HOUR: (timedelta(hours=1), _FIVE_SECONDS),
    Window.DAY: (timedelta(days=1), _MINUTE),
    Window.WEEK: (timedelta(days=7), _HOUR),
    Window.MONTH: (timedelta(days=30), _HOUR),
}
"""Length and finest resolution. The window's beginning is exact to that resolution, at most 0.6 % of the length."""


def spans_of(window: Window | None, now: datetime) -> tuple[BucketRange, ...]:
    """The buckets to sum; None is all time."""
    if window is None:
        return ALL_TIME
    length, finest = _LENGTH_AND_FINEST[window]
    return ranges_since(now - length, finest)
