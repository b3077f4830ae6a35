"""/api/stats: what people feel, now and over time."""

from typing import Annotated

from fastapi import APIRouter, Query

from sentistream_api.access.caller import Scope
from sentistream_api.access.guard import requires
from sentistream_api.context import ReadPool, provided
from sentistream_api.features.stats.bucket_width import PATTERN, BucketRetention, parse_width
from sentistream_api.features.stats.cache import StatsCache
from sentistream_api.features.stats.schemas import History, Stats
from sentistream_api.features.stats.service import history
from sentistream_api.features.stats.windows import Window
from sentistream_api.http.conditional import RouteCaching
from sentistream_api.monitoring.pipeline_monitor import PipelineMonitor
from sentistream_api.parameters import Time
from sentistream_api.problems import InvalidRequestError

router = APIRouter(prefix="/api/stats", tags=["stats"], dependencies=[requires(Scope.READ)])


@router.get("")
async def stats(
    cache: Annotated[StatsCache, provided(StatsCache)], caching: RouteCaching, window: Window | None = None
) -> Stats:
    """Counts, shares and mean score by label, of all time or of what was written in a window that ends now.

    At most a second old.
    """
    answer = await cache.get(window)
    caching.same_apart_from(answer, "as_of")
    return answer


@router.get("/history")
async def over_time(
    *,
    pool: ReadPool,
    monitor: Annotated[PipelineMonitor, provided(PipelineMonitor)],
    retention: Annotated[BucketRetention, provided(BucketRetention)],
    caching: RouteCaching,
    since: Annotated[Time | None, Query(alias="from", description="Default: 24 hours before `to`")] = None,
    until: Annotated[Time | None, Query(alias="to", description="Default: now")] = None,
    bucket: Annotated[
        str | None,
        Query(
            pattern=PATTERN,
            description="Width, a multiple of 5 s; chosen by the time span if left out. Where buckets so fine are not "
            "kept any more, the answer has the finest that are; see `bucket_seconds`.",
            examples=["5m"],
        ),
    ] = None,
) -> History:
    """Posts by label in buckets of the time at which they were written, without gaps: 2,000 buckets at most.

    A post that comes late changes the bucket of its time, however long ago that was.
    """
    try:
        width = parse_width(bucket) if bucket else None
    except ValueError as error:
        raise InvalidRequestError(f"query.bucket: {error}") from error
    answer = await history(pool, monitor, since=since, until=until, width=width, retention=retention)
    caching.same_apart_from(answer, "since", "until")
    return answer
