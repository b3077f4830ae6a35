"""Writing `sentiment_counts`, expiring its fine buckets, and checking it against the rows of `posts`.

Each database connection counts in a shard of its own, so that workers do not wait for each other's row. At any commit,
for every resolution and label,

    rows of posts and posts_retired + expired_posts + deleted_posts = sum(sentiment_counts.posts) + expired_counts
"""

from collections import Counter
from datetime import timedelta
from typing import Final

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from sentistream_core.database.pool import Pool
from sentistream_core.database.post_counts import PostCounts
from sentistream_core.database.retention import delete_and_count
from sentistream_core.database.sentiment_counts.resolutions import RESOLUTIONS
from sentistream_core.settings import RetentionSettings

SHARDS: Final = 16

_RESOLUTIONS: Final = ", ".join(f"INTERVAL '{each.total_seconds():.0f} seconds'" for each in RESOLUTIONS)

_UPDATE: Final = f"""
    INSERT INTO sentiment_counts AS counts (resolution, bucket, label, shard, posts, score_sum)
    SELECT
        resolution,
        date_bin(resolution, counted.event_time, TIMESTAMPTZ 'epoch'),
        counted.sentiment_label,
        pg_backend_pid() %% {SHARDS},
        sum(weight),
        sum(weight * sentiment_score)
    FROM counted
    CROSS JOIN unnest(ARRAY[{_RESOLUTIONS}]) AS resolution
    GROUP BY 1, 2, 3
    ORDER BY 1, 2, 3  -- one order of locks for all workers
    ON CONFLICT (resolution, bucket, label, shard) DO UPDATE
        SET posts = counts.posts + excluded.posts, score_sum = counts.score_sum + excluded.score_sum
"""

_EXPIRE: Final = """
WITH expired AS (
    DELETE FROM sentiment_counts WHERE (resolution, bucket, label, shard) IN (
        SELECT resolution, bucket, label, shard FROM sentiment_counts
        WHERE resolution = %(resolution)s AND bucket < now() - %(age)s::interval - %(resolution)s
        ORDER BY bucket LIMIT %(limit)s
        FOR UPDATE SKIP LOCKED  -- a late post is being counted: next time
    )
    RETURNING label, posts
),
recorded AS (
    INSERT INTO expired_counts AS known (resolution, label, posts)
    SELECT %(resolution)s, label, sum(posts) FROM expired GROUP BY 2 ORDER BY 2
    ON CONFLICT (resolution, label) DO UPDATE SET posts = known.posts + excluded.posts
)
SELECT count(*) FROM expired
"""


class SentimentCounts:
    """Counts by label in every resolution. Buckets of hours and days are kept for ever."""

    name: str = "sentiment_counts"
    update: str = _UPDATE

    async def expire(self, pool: Pool, retention: RetentionSettings, *, limit: int) -> int:
        five_seconds, minute, *_ = RESOLUTIONS
        deleted = 0
        for resolution, age in (
            (five_seconds, retention.five_second_counts_kept),
            (minute, retention.minute_counts_kept),
        ):
            deleted += await delete_and_count(pool, _EXPIRE, {"resolution": resolution, "age": age, "limit": limit})
        return deleted

    async def differences(self, connection: AsyncConnection[TupleRow], posts: PostCounts) -> list[str]:
        expected = posts.all
        counted: Counter[tuple[timedelta, str]] = Counter()
        rows = await connection.execute(
            """
            SELECT resolution, label, sum(posts)::bigint FROM sentiment_counts GROUP BY 1, 2
            UNION ALL
            SELECT resolution, label, posts FROM expired_counts
            """
        )
        for resolution, label, number in await rows.fetchall():
            counted[resolution, label] += number
        return [
            f"{counted[resolution, label]:,} {label} posts are counted in buckets of "
            f"{resolution.total_seconds():,.0f} s, "
            f"and {expected[label]:,} are stored"
            for resolution in RESOLUTIONS
            for label in sorted({*expected, *(label for _, label in counted)})
            if counted[resolution, label] != expected[label]
        ]
