"""Statistics from the stored counts: their cost does not depend on the number of posts."""

from datetime import UTC, datetime, timedelta
from typing import Final

from sentistream_api.features.stats.bucket_width import MAX_POINTS, BucketRetention, choose_width, widen
from sentistream_api.features.stats.schemas import Counts, History, Point, Stats
from sentistream_api.features.stats.windows import Window, spans_of
from sentistream_api.monitoring.pipeline_monitor import PipelineMonitor
from sentistream_api.problems import InvalidRequestError
from sentistream_core.database.pool import Pool
from sentistream_core.database.sentiment_counts.read import buckets, totals

_EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DAY: Final = timedelta(days=1)
_LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)


async def current_stats(pool: Pool, monitor: PipelineMonitor, window: Window | None) -> Stats:
    """Counts of all posts, or of those that were written in a window that ends now."""
    now, complete_until = datetime.now(UTC), monitor.complete_until
    counts = Counts.of(await totals(pool, spans_of(window, now)))
    net = (counts.positive.posts - counts.negative.posts) / counts.total if counts.total else None
    return Stats(as_of=now, window=window, complete_until=complete_until, counts=counts, net_sentiment=net)


async def history(
    pool: Pool,
    monitor: PipelineMonitor,
    *,
    since: datetime | None,
    until: datetime | None,
    width: timedelta | None,
    retention: BucketRetention,
) -> History:
    """Counts over time, by default of the last 24 hours.

    The width is chosen if it is None, and widened where buckets so fine are not kept any more.

    Raises:
        InvalidRequestError: times in the wrong order or out of range, or too many buckets.
    """
    now = datetime.now(UTC)
    until = until or now
    since = since or max(until, _EARLIEST + _DAY) - _DAY
    if since < _EARLIEST or until > _LATEST:
        raise InvalidRequestError("query.from, query.to: must lie between the years 1970 and 2200.")
    if since >= until:
        raise InvalidRequestError("query.from: must be before `to`.")
    finest = retention.finest(since, now)
    width = choose_width(since, until, finest) if width is None else widen(width, finest)
    points = (until - since) / width
    if points > MAX_POINTS:
        raise InvalidRequestError(
            f"query.bucket: {points:,.0f} buckets of {width.total_seconds():.0f} s are more than {MAX_POINTS:,}. "
            "Ask for wider buckets or a shorter time, or leave `bucket` out."
        )
    complete_until = monitor.complete_until
    found = await buckets(pool, width=width, since=since, until=until)
    return History(
        since=since,
        until=until,
        complete_until=complete_until,
        bucket_seconds=int(width.total_seconds()),
        points=[Point.of(bucket) for bucket in found],
    )
