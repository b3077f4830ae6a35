"""/api/stats: what people feel, now and over time."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query

from sentistream_api.access.caller import Scope
from sentistream_api.access.guard import requires
from sentistream_api.parameters import Time
from sentistream_api.resources import AllResources, ReadPool
from sentistream_api.stats.bucket_width import PATTERN, parse_width
from sentistream_api.stats.schemas import History, Stats
from sentistream_api.stats.service import UnanswerableError, current_stats, history
from sentistream_api.stats.windows import Window

router = APIRouter(prefix="/api/stats", tags=["stats"], dependencies=[requires(Scope.READ)])


@router.get("")
async def stats(pool: ReadPool, window: Window | None = None) -> Stats:
    """Counts, shares and mean score by label, of all time or of a window that ends now."""
    return await current_stats(pool, window)


@router.get("/history")
async def over_time(
    resources: AllResources,
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
    """Posts by label in buckets over time, without gaps: 2,000 buckets at most."""
    try:
        width = parse_width(bucket) if bucket else None
        return await history(
            resources.read_pool,
            since=since,
            until=until,
            width=width,
            kept=resources.kept,
        )
    except UnanswerableError as error:
        raise HTTPException(400, str(error)) from error
    except ValueError as error:
        raise HTTPException(400, f"query.bucket: {error}") from error
