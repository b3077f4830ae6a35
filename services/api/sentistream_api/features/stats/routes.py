"""/api/stats: what people feel, now and over time."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from sentistream_api.access.caller import Scope
from sentistream_api.access.guard import requires
from sentistream_api.context import ReadPool, provided
from sentistream_api.features.stats.bucket_width import PATTERN, BucketRetention, parse_width
from sentistream_api.features.stats.cache import StatsCache
from sentistream_api.features.stats.schemas import History, Stats
from sentistream_api.features.stats.service import history, is_closed
from sentistream_api.features.stats.windows import Window
from sentistream_api.http.conditional import AN_HOUR, CONDITIONAL, REVALIDATE, IfNoneMatch, conditional
from sentistream_api.parameters import Time
from sentistream_api.problems import InvalidRequestError

router = APIRouter(prefix="/api/stats", tags=["stats"], dependencies=[requires(Scope.READ)])


@router.get("", response_model=Stats, responses=CONDITIONAL)
async def stats(
    cache: Annotated[StatsCache, provided(StatsCache)],
    window: Window | None = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Counts, shares and mean score by label, of all time or of a window that ends now: at most a second old."""
    answer = await cache.get(window)
    return conditional(answer, if_none_match, cache_control=REVALIDATE, apart_from=frozenset({"as_of"}))


@router.get("/history", response_model=History, responses=CONDITIONAL)
async def over_time(
    *,
    pool: ReadPool,
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
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Posts by label in buckets over time, without gaps: 2,000 buckets at most."""
    try:
        width = parse_width(bucket) if bucket else None
    except ValueError as error:
        raise InvalidRequestError(f"query.bucket: {error}") from error
    answer = await history(pool, since=since, until=until, width=width, retention=retention)
    return conditional(
        answer,
        if_none_match,
        cache_control=AN_HOUR if is_closed(answer) else REVALIDATE,
        apart_from=frozenset({"since", "until"}),
    )
