"""/api/stats: what people feel, now and over time."""

import csv
from io import StringIO
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from sentistream_api.access.caller import Scope
from sentistream_api.access.guard import requires
from sentistream_api.context import ReadPool, provided
from sentistream_api.features.stats.bucket_width import PATTERN, BucketRetention, parse_width
from sentistream_api.features.stats.cache import StatsCache
from sentistream_api.features.stats.schemas import History, Point, Stats
from sentistream_api.features.stats.service import history
from sentistream_api.features.stats.windows import Window
from sentistream_api.http.conditional import RouteCaching
from sentistream_api.monitoring.pipeline_monitor import PipelineMonitor
from sentistream_api.parameters import Time
from sentistream_api.problems import InvalidRequestError, raises

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


@raises(InvalidRequestError)
async def _found(
    *,
    pool: ReadPool,
    monitor: Annotated[PipelineMonitor, provided(PipelineMonitor)],
    retention: Annotated[BucketRetention, provided(BucketRetention)],
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
    try:
        width = parse_width(bucket) if bucket else None
    except ValueError as error:
        raise InvalidRequestError(f"query.bucket: {error}") from error
    return await history(pool, monitor, since=since, until=until, width=width, retention=retention)


FoundHistory = Annotated[History, Depends(_found)]


@router.get("/history")
async def over_time(answer: FoundHistory, caching: RouteCaching) -> History:
    """Posts by label in buckets of the time at which they were written, without gaps: 2,000 buckets at most.

    A post that comes late changes the bucket of its time, however long ago that was.
    """
    caching.same_apart_from(answer, "since", "until")
    return answer


@router.get(
    "/history.csv",
    response_class=Response,
    responses={
        200: {"content": {"text/csv": {"schema": {"type": "string"}, "example": "time,positive,neutral,negative\r\n"}}}
    },
)
async def table_over_time(answer: FoundHistory) -> Response:
    """The same as a table, for spreadsheets."""
    text = StringIO(newline="")
    table = csv.DictWriter(text, list(Point.model_fields))
    table.writeheader()
    table.writerows(point.model_dump(mode="json") for point in answer.points)
    return Response(
        text.getvalue(),
        media_type="text/csv",
        headers={"Content-Disposition": 'attachment; filename="history.csv"'},
    )
