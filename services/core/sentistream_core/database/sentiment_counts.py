"""Table `sentiment_counts`: posts and scores by label, in time buckets of several resolutions.

It is updated in the transaction that stores the posts, so its sums equal the rows of `posts` at any commit. Each
database connection counts in a shard of its own, so that workers do not wait for each other's row.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sentistream_core.database.pool import Pool
from sentistream_core.sentiment import Label

RESOLUTIONS: Final = (timedelta(seconds=5), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1))
"""Bucket lengths; buckets are aligned to 1970-01-01 UTC."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

SHARDS: Final = 16

COUNT_STORED: Final = f"""
    INSERT INTO sentiment_counts AS counts (resolution, bucket, label, shard, posts, score_sum)
    SELECT
        resolution,
        date_bin(resolution, stored.timestamp, TIMESTAMPTZ 'epoch'),
        stored.sentiment_label,
        pg_backend_pid() %% {SHARDS},
        count(*),
        sum(stored.sentiment_score)
    FROM stored
    CROSS JOIN unnest(%(resolutions)s::interval[]) AS resolution
    GROUP BY 1, 2, 3
    ORDER BY 1, 2, 3  -- one order of locks for all workers
    ON CONFLICT (resolution, bucket, label, shard) DO UPDATE
        SET posts = counts.posts + excluded.posts, score_sum = counts.score_sum + excluded.score_sum
"""
"""Counts the rows of a preceding `stored` of the same statement."""


@dataclass(frozen=True, slots=True)
class LabelCount:
    posts: int
    score_sum: float


@dataclass(frozen=True, slots=True)
class Bucket:
    time: datetime
    """Its beginning."""
    posts: dict[Label, int]
    """Of every label; 0 where there are none."""


@dataclass(frozen=True, slots=True)
class Span:
    """Buckets of one resolution from `since` up to, not including, `until`; None leaves that end open."""

    resolution: timedelta
    since: datetime | None = None
    until: datetime | None = None


ALL_TIME: Final = (Span(RESOLUTIONS[-1]),)


def floor(time: datetime, resolution: timedelta) -> datetime:
    """The beginning of the bucket that holds the time."""
    return time - (time - _EPOCH) % resolution


def spans_since(time: datetime, finest: timedelta) -> tuple[Span, ...]:
    """The fewest buckets that hold everything from a time on, exact to the finest resolution.

    Fine buckets up to the next beginning of a coarse one, and so on: 24 hours are at most 59 minutes and 24 hours.
    """
    usable = [resolution for resolution in RESOLUTIONS if resolution >= finest]
    spans = []
    begin = floor(time, finest)
    for resolution, coarser in itertools.pairwise(usable):
        end = _ceil(begin, coarser)
        spans.append(Span(resolution, begin, end))
        begin = end
    return (*spans, Span(usable[-1], begin))


def _ceil(time: datetime, resolution: timedelta) -> datetime:
    return time + (_EPOCH - time) % resolution


async def totals(pool: Pool, spans: Sequence[Span] = ALL_TIME) -> dict[Label, LabelCount]:
    """Of all posts ever stored, or those in the spans, by label.

    Reads one row a bucket, label and shard, whatever the number of posts; for all time the buckets are days.
    """
    async with pool.connection() as connection:
        cursor = await connection.execute(
            """
            SELECT label, sum(posts)::bigint, sum(score_sum)
            FROM unnest(%(resolution)s::interval[], %(since)s::timestamptz[], %(until)s::timestamptz[])
                AS span (resolution, since, until)
            CROSS JOIN LATERAL (  -- summed for each span by itself, so that no span is looked for in the whole table
                SELECT label, sum(posts) AS posts, sum(score_sum) AS score_sum
                FROM sentiment_counts AS counts
                WHERE counts.resolution = span.resolution
                    AND counts.bucket >= coalesce(span.since, '-infinity')
                    AND counts.bucket < coalesce(span.until, 'infinity')
                GROUP BY label
            ) AS summed
            GROUP BY label
            """,
            {
                "resolution": [span.resolution for span in spans],
                "since": [span.since for span in spans],
                "until": [span.until for span in spans],
            },
        )
        return _by_label(await cursor.fetchall())


async def buckets(pool: Pool, *, width: timedelta, since: datetime, until: datetime) -> list[Bucket]:
    """The buckets from the one that holds `since` up to, not including, one that begins at `until`; oldest first.

    The width is a multiple of a stored resolution. No bucket is missing: one without posts has zeros.
    """
    async with pool.connection() as connection:
        cursor = await connection.execute(
            """
            SELECT date_bin(%(width)s, bucket, TIMESTAMPTZ 'epoch'), label, sum(posts)::bigint
            FROM sentiment_counts
            WHERE resolution = %(resolution)s AND bucket >= %(since)s AND bucket < %(until)s
            GROUP BY 1, 2
            """,
            {
                "width": width,
                "resolution": source_of(width),
                "since": floor(since, width),
                "until": _ceil(until, width),
            },
        )
        rows = await cursor.fetchall()
    return _without_gaps(rows, width, since, until)


def source_of(width: timedelta) -> timedelta:
    """The coarsest stored resolution that buckets of a width can be summed from.

    Raises:
        ValueError: there is none.
    """
    fitting = [resolution for resolution in RESOLUTIONS if width and width % resolution == timedelta()]
    if not fitting:
        raise ValueError(f"no bucket of {width} can be summed from buckets of {RESOLUTIONS[0]}")
    return fitting[-1]


def _without_gaps(
    rows: list[tuple[datetime, str, int]], width: timedelta, since: datetime, until: datetime
) -> list[Bucket]:
    found = {(time, Label(label)): posts for time, label, posts in rows}
    first = floor(since, width)
    count = -((first - until) // width)
    times = (first + width * number for number in range(count))
    return [Bucket(time, {label: found.get((time, label), 0) for label in Label}) for time in times]


def _by_label(rows: list[tuple[str, int, float]]) -> dict[Label, LabelCount]:
    found = {Label(label): LabelCount(posts, score_sum) for label, posts, score_sum in rows}
    return {label: found.get(label, LabelCount(0, 0.0)) for label in Label}
