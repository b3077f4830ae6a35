"""Counts and the buckets of the last minutes, live: the same for all clients."""

import time
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from sentistream_api.features.stats.changed_points import ChangedPoints
from sentistream_api.features.stats.pace import Pace
from sentistream_api.features.stats.schemas import COUNTS_EXAMPLE, POINT_EXAMPLE, Counts, Point, Series
from sentistream_api.live.channel import Channel, NoQuery
from sentistream_api.live.follower import Arrivals
from sentistream_api.monitoring.complete_until import CompleteUntil
from sentistream_api.monitoring.pipeline_monitor import PipelineMonitor
from sentistream_core.database.pool import Pool
from sentistream_core.database.sentiment_counts.read import buckets, totals
from sentistream_core.database.sentiment_counts.resolutions import RESOLUTIONS

_RESOLUTION: Final = RESOLUTIONS[0]
_WINDOW: Final = timedelta(minutes=15)
_RECOUNT_SECONDS: Final = 1.0


class CountsSnapshot(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "complete_until": None,
                    "counts": COUNTS_EXAMPLE,
                    "series": {"bucket_seconds": 5, "points": [POINT_EXAMPLE]},
                }
            ]
        }
    )

    complete_until: CompleteUntil
    counts: Counts
    series: Series = Field(description="The last 15 minutes")


class CountsUpdate(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "complete_until": None,
                    "counts": COUNTS_EXAMPLE,
                    "points": [POINT_EXAMPLE],
                    "posts_per_second": 4.4,
                }
            ]
        }
    )

    complete_until: CompleteUntil
    counts: Counts
    points: list[Point] = Field(
        description="Buckets of the last 15 minutes that changed lately; each replaces the one of the same time"
    )
    posts_per_second: float = Field(description="Posts stored a second, whenever they were written")


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

    def __init__(self, pool: Pool, monitor: PipelineMonitor) -> None:
        self._pool = pool
        self._monitor = monitor
        self._changed = ChangedPoints()
        self._pace = Pace()
        self._last: _Counted | None = None
        self._counted_at = 0.0

    def subscription(self, _: NoQuery) -> None:
        return None

    async def look(self, arrivals: Arrivals, _: Collection[None]) -> _Counted:
        now = time.monotonic()
        if self._last and arrivals.count == 0 and now - self._counted_at < _RECOUNT_SECONDS:
            return replace(self._last, is_new=False)
        complete_until = self._monitor.complete_until
        counts = Counts.of(await totals(self._pool))
        update = CountsUpdate(
            complete_until=complete_until,
            counts=counts,
            points=self._changed.of(await self._points(), now),
            posts_per_second=self._pace.at(now, counts.total),
        )
        before = self._last.update if self._last else None
        is_new = before is None or (before.counts, before.complete_until) != (counts, complete_until)
        self._last, self._counted_at = _Counted(update, is_new), now
        return self._last

    async def begin(self, _: None) -> CountsSnapshot:
        complete_until = self._monitor.complete_until
        counts = Counts.of(await totals(self._pool))
        series = Series(bucket_seconds=int(_RESOLUTION.total_seconds()), points=await self._points())
        return CountsSnapshot(complete_until=complete_until, counts=counts, series=series)

    async def _points(self) -> list[Point]:
        until = datetime.now(UTC)
        found = await buckets(self._pool, width=_RESOLUTION, since=until - _WINDOW, until=until)
        return [Point.of(bucket) for bucket in found]
