"""Time buckets: their lengths, where they begin, and which of them make up a time range."""

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

RESOLUTIONS: Final = (timedelta(seconds=5), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1))
"""Bucket lengths; buckets are aligned to 1970-01-01 UTC."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class BucketRange:
    """Buckets of one resolution from `since` up to, not including, `until`; None leaves that end open."""

    resolution: timedelta
    since: datetime | None = None
    until: datetime | None = None


ALL_TIME: Final = (BucketRange(RESOLUTIONS[-1]),)


def bucket_start(time: datetime, resolution: timedelta) -> datetime:
    """The beginning of the bucket that holds the time."""
    return time - (time - _EPOCH) % resolution


def ranges_since(time: datetime, finest: timedelta) -> tuple[BucketRange, ...]:
    """The fewest buckets that hold everything from a time on, exact to the finest resolution.

    Fine buckets up to the next beginning of a coarse one, and so on: 24 hours are at most 59 minutes and 24 hours.
    """
    usable = [resolution for resolution in RESOLUTIONS if resolution >= finest]
    ranges = []
    begin = bucket_start(time, finest)
    for resolution, coarser in itertools.pairwise(usable):
        end = next_bucket_start(begin, coarser)
        ranges.append(BucketRange(resolution, begin, end))
        begin = end
    return (*ranges, BucketRange(usable[-1], begin))


def next_bucket_start(time: datetime, resolution: timedelta) -> datetime:
    """The time itself if a bucket begins there, else the beginning of the next one."""
    return time + (_EPOCH - time) % resolution


def source_of(width: timedelta) -> timedelta:
    """The coarsest stored resolution that buckets of a width can be summed from.

    Raises:
        ValueError: there is none.
    """
    fitting = [resolution for resolution in RESOLUTIONS if width and width % resolution == timedelta()]
    if not fitting:
        raise ValueError(f"no bucket of {width} can be summed from buckets of {RESOLUTIONS[0]}")
    return fitting[-1]
