"""How wide the buckets of a history are."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sentistream_core.database.sentiment_counts.resolutions import RESOLUTIONS, source_of

MAX_POINTS: Final = 2_000
_WIDEST: Final = timedelta(days=3_650)
"""Wider buckets could begin or end outside the range of dates."""
_POINTS_OF_CHOICE: Final = 400
_UNITS: Final = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
_SPELLED: Final = re.compile(r"([1-9]\d{0,6})([smhd])")
PATTERN: Final = f"^{_SPELLED.pattern}$"

_FIVE_SECONDS, _MINUTE, _HOUR, _DAY = RESOLUTIONS
_CHOICES: Final = (
    *(_FIVE_SECONDS * factor for factor in (1, 2, 3, 6)),
    *(_MINUTE * factor for factor in (1, 2, 5, 10, 15, 30)),
    *(_HOUR * factor for factor in (1, 2, 3, 6, 12)),
    *(_DAY * factor for factor in (1, 7, 30, 90, 365)),
)


@dataclass(frozen=True, slots=True)
class BucketRetention:
    """How long buckets of the fine resolutions are kept; buckets of hours and days are never deleted."""

    five_seconds: timedelta
    minutes: timedelta

    def finest(self, since: datetime, now: datetime) -> timedelta:
        """The finest resolution that is complete from a time on."""
        if since >= now - self.five_seconds:
            return _FIVE_SECONDS
        return _MINUTE if since >= now - self.minutes else _HOUR


def parse_width(spelled: str) -> timedelta:
    """Read "5s", "1m", "6h" or "1d".

    Raises:
        ValueError: such a bucket cannot be summed from stored ones; the message says what is possible.
    """
    found = _SPELLED.fullmatch(spelled)
    if found is None:
        raise ValueError("a number and s, m, h or d, such as 5m")
    width = timedelta(seconds=int(found[1]) * _UNITS[found[2]])
    if width > _WIDEST:
        raise ValueError(f"at most {_WIDEST.days}d")
    source_of(width)
    return width


def choose_width(since: datetime, until: datetime, finest: timedelta) -> timedelta:
    """The finest usual width that keeps a chart readable."""
    for width in _CHOICES:
        if width >= finest and (until - since) / width <= _POINTS_OF_CHOICE:
            return width
    return _CHOICES[-1]


def widen(width: timedelta, finest: timedelta) -> timedelta:
    """The width itself, or the next larger one that can be summed from buckets of the resolution `finest`."""
    if width % finest:
        return finest * (width // finest + 1)
    return width
