"""The time at which a post is counted: when it was written or, if that time is not credible, when it arrived."""

from datetime import UTC, datetime, timedelta
from typing import Final

EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""Earlier times are wrong defaults of clocks, such as the years 1 and 1970."""
AHEAD_AT_MOST: Final = timedelta(minutes=5)
"""How far ahead the clocks of other systems may be."""


def is_credible(written_at: datetime, *, came_at: datetime) -> bool:
    """Whether a post that came then may have been written at that time, as far as its entry tells."""
    return EARLIEST <= written_at <= came_at + AHEAD_AT_MOST
