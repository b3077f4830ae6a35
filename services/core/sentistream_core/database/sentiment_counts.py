"""Table `sentiment_counts`: posts and scores by label, in time buckets of several resolutions.

It is updated in the transaction that stores the posts, so its sums equal the rows of `posts` at any commit. Each
database connection counts in a shard of its own, so that workers do not wait for each other's row.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sentistream_core.database.pool import Pool
from sentistream_core.sentiment import Label

RESOLUTIONS: Final = (timedelta(seconds=5), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1))
"""Bucket lengths; buckets are aligned to 1970-01-01 UTC."""

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


async def totals(pool: Pool) -> dict[Label, LabelCount]:
    """Of all posts ever stored, by label. Reads one row a day, label and shard, whatever the number of posts."""
    async with pool.connection() as connection:
        cursor = await connection.execute(
            """
            SELECT label, sum(posts)::bigint, sum(score_sum)
            FROM sentiment_counts
            WHERE resolution = %s
            GROUP BY label
            """,
            [RESOLUTIONS[-1]],
        )
        return _by_label(await cursor.fetchall())


async def buckets(pool: Pool, *, resolution: timedelta, since: datetime, until: datetime) -> list[Bucket]:
    """The buckets from the one that holds `since` up to, not including, one that begins at `until`; oldest first.

    No bucket is missing: one without posts has zeros.
    """
    async with pool.connection() as connection:
        cursor = await connection.execute(
            """
            SELECT series.bucket, counts.label, sum(counts.posts)::bigint
            FROM generate_series(
                date_bin(%(resolution)s, %(since)s, TIMESTAMPTZ 'epoch'),
                %(until)s - INTERVAL '1 microsecond',
                %(resolution)s
            ) AS series (bucket)
            LEFT JOIN sentiment_counts AS counts
                ON counts.resolution = %(resolution)s AND counts.bucket = series.bucket
            GROUP BY 1, 2
            ORDER BY 1
            """,
            {"resolution": resolution, "since": since, "until": until},
        )
        rows = await cursor.fetchall()
    return _to_buckets(rows)


def _by_label(rows: list[tuple[str, int, float]]) -> dict[Label, LabelCount]:
    found = {Label(label): LabelCount(posts, score_sum) for label, posts, score_sum in rows}
    return {label: found.get(label, LabelCount(0, 0.0)) for label in Label}


def _to_buckets(rows: list[tuple[datetime, str | None, int]]) -> list[Bucket]:
    posts_at: dict[datetime, dict[Label, int]] = {}
    for time, label, posts in rows:
        at = posts_at.setdefault(time, dict.fromkeys(Label, 0))
        if label is not None:
            at[Label(label)] = posts
    return [Bucket(time, posts) for time, posts in posts_at.items()]
