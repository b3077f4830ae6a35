"""Reading `sentiment_counts`: totals, and buckets over time. The cost does not depend on the number of posts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sentistream_core.database.pool import Pool
from sentistream_core.database.sentiment_counts.resolutions import (
    ALL_TIME,
    BucketRange,
    bucket_start,
    next_bucket_start,
    source_of,
)
from sentistream_core.sentiment import Label


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


async def totals(pool: Pool, ranges: Sequence[BucketRange] = ALL_TIME) -> dict[Label, LabelCount]:
    """Of all posts ever stored, or those in the ranges, by label.

    Reads one row a bucket, label and shard, whatever the number of posts; for all time the buckets are days.
    """
    async with pool.connection() as connection:
        cursor = await connection.execute(
            """
            SELECT label, sum(posts)::bigint, sum(score_sum)
            FROM unnest(%(resolution)s::interval[], %(since)s::timestamptz[], %(until)s::timestamptz[])
                AS wanted (resolution, since, until)
            CROSS JOIN LATERAL (  -- summed for each range by itself, so that none is looked for in the whole table
                SELECT label, sum(posts) AS posts, sum(score_sum) AS score_sum
                FROM sentiment_counts AS counts
                WHERE counts.resolution = wanted.resolution
                    AND counts.bucket >= coalesce(wanted.since, '-infinity')
                    AND counts.bucket < coalesce(wanted.until, 'infinity')
                GROUP BY label
            ) AS summed
            GROUP BY label
            """,
            {
                "resolution": [each.resolution for each in ranges],
                "since": [each.since for each in ranges],
                "until": [each.until for each in ranges],
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
                "since": bucket_start(since, width),
                "until": next_bucket_start(until, width),
            },
        )
        rows = await cursor.fetchall()
    return _without_gaps(rows, width, since, until)


def _without_gaps(
    rows: list[tuple[datetime, str, int]], width: timedelta, since: datetime, until: datetime
) -> list[Bucket]:
    found = {(time, Label(label)): posts for time, label, posts in rows}
    first = bucket_start(since, width)
    count = -((first - until) // width)
    times = (first + width * number for number in range(count))
    return [Bucket(time, {label: found.get((time, label), 0) for label in Label}) for time in times]


def _by_label(rows: list[tuple[str, int, float]]) -> dict[Label, LabelCount]:
    found = {Label(label): LabelCount(posts, score_sum) for label, posts, score_sum in rows}
    return {label: found.get(label, LabelCount(0, 0.0)) for label in Label}
