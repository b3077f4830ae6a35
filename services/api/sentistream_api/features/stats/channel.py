"""Counts and the newest buckets, live: the same for all clients."""

import time
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from sentistream_api.features.stats.schemas import COUNTS_EXAMPLE, POINT_EXAMPLE, Counts, Point, Series
from sentistream_api.live.channel import Channel, NoQuery
from sentistream_api.live.follower import Arrivals
from sentistream_core.database.pool import Pool
from sentistream_core.database.sentiment_counts.read import buckets, totals
from sentistream_core.database.sentiment_counts.resolutions import RESOLUTIONS

_RESOLUTION: Final = RESOLUTIONS[0]
_SNAPSHOT_TIME: Final = timedelta(minutes=15)
_UPDATE_TIME: Final = _RESOLUTION * 2
_RECOUNT_SECONDS: Final = 1.0


class CountsSnapshot(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"counts": COUNTS_EXAMPLE, "series": {"bucket_seconds": 5, "points": [POINT_EXAMPLE]}}]
        }
    )

    counts: Counts
    series: Series


class CountsUpdate(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"counts": COUNTS_EXAMPLE, "points": [POINT_EXAMPLE], "posts_per_second": 4.4}]}
    )

    counts: Counts
    points: list[Point] = Field(description="The newest buckets; each replaces the one of the same time")
    posts_per_second: float = Field(description="Over the last complete bucket")


@dataclass(frozen=True, slots=True)
class _Counted:
    update: CountsUpdate
    is_new: bool

    def part(self, _: None, /) -> CountsUpdate:
        return self.update


class CountsChannel(Channel[NoQuery, None]):
    """Counted when posts came, and every second in case that a worker ended between storing and publishing."""

    query = NoQuery
    snapshot = CountsSnapshot
    update = CountsUpdate

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._last: _Counted | None = None
        self._counted_at = 0.0

    def subscription(self, _: NoQuery) -> None:
        return None

    async def look(self, arrivals: Arrivals, _: Collection[None]) -> _Counted:
        now = time.monotonic()
        if self._last and arrivals.count == 0 and now - self._counted_at < _RECOUNT_SECONDS:
            return replace(self._last, is_new=False)
        counts = Counts.of(await totals(self._pool))
        points = await self._points(_UPDATE_TIME)
        complete = points[-2]
        posts = complete.positive + complete.neutral + complete.negative
        update = CountsUpdate(counts=counts, points=points, posts_per_second=posts / _RESOLUTION.total_seconds())
        is_new = self._last is None or self._last.update.counts != counts
        self._last, self._counted_at = _Counted(update, is_new), now
        return self._last

    async def begin(self, _: None) -> CountsSnapshot:
        counts = Counts.of(await totals(self._pool))
        series = Series(bucket_seconds=int(_RESOLUTION.total_seconds()), points=await self._points(_SNAPSHOT_TIME))
        return CountsSnapshot(counts=counts, series=series)

    async def _points(self, span: timedelta) -> list[Point]:
        until = datetime.now(UTC)
        found = await buckets(self._pool, width=_RESOLUTION, since=until - span, until=until)
        return [Point.of(bucket) for bucket in found]
