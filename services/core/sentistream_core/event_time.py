"""When a post counts: at the time that it was written at, or, where that cannot be true, when it came."""

from datetime import UTC, datetime, timedelta
from typing import Final

EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""Zeros of clocks, such as the years 1 and 1970, lie before."""
AHEAD_AT_MOST: Final = timedelta(minutes=5)
"""So far clocks of others may be ahead."""


def is_credible(written_at: datetime, *, came_at: datetime) -> bool:
    """Whether a post that came then may have been written at that time, as far as its entry tells."""
    return EARLIEST <= written_at <= came_at + AHEAD_AT_MOST
