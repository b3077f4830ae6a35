"""Deleting what is older than its time: posts, and counts in fine buckets. Counts by hour and day stay for ever.

How much was deleted is kept by label, so that at any commit, for every resolution and label,

    rows of posts + expired_posts = sum(sentiment_counts.posts) + expired_counts
"""

from datetime import timedelta
from typing import Final

from sentistream_core.database.pool import Pool

_TURN: Final = 0x53454E5445
"""Key of the advisory lock: of several processes one deletes."""

_EXPIRE_POSTS: Final = """
WITH expired AS (
    DELETE FROM posts WHERE id IN (
        SELECT id FROM posts WHERE timestamp < now() - %(age)s::interval ORDER BY timestamp LIMIT %(limit)s
    )
    RETURNING sentiment_label
),
recorded AS (
    INSERT INTO expired_posts AS known (label, posts)
    SELECT sentiment_label, count(*) FROM expired GROUP BY 1 ORDER BY 1
    ON CONFLICT (label) DO UPDATE SET posts = known.posts + excluded.posts
)
SELECT count(*) FROM expired
"""

_EXPIRE_COUNTS: Final = """
WITH expired AS (
    DELETE FROM sentiment_counts WHERE (resolution, bucket, label, shard) IN (
        SELECT resolution, bucket, label, shard FROM sentiment_counts
        WHERE resolution = %(resolution)s AND bucket < now() - %(age)s::interval - %(resolution)s
        ORDER BY bucket LIMIT %(limit)s
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


async def expire_posts(pool: Pool, *, age: timedelta, limit: int) -> int:
    """Delete up to `limit` of the oldest posts that were processed longer ago than `age`; how many were deleted.

    Each call is a short transaction of its own. 0 also when another process is deleting at this moment.
    """
    return await _in_turn(pool, _EXPIRE_POSTS, {"age": age, "limit": limit})


async def expire_counts(pool: Pool, *, resolution: timedelta, age: timedelta, limit: int) -> int:
    """Delete up to `limit` rows of the oldest buckets that ended longer ago than `age`; how many were deleted."""
    return await _in_turn(pool, _EXPIRE_COUNTS, {"resolution": resolution, "age": age, "limit": limit})


async def _in_turn(pool: Pool, statement: str, parameters: dict[str, object]) -> int:
    async with pool.connection() as connection, connection.transaction():
        turn = await connection.execute("SELECT pg_try_advisory_xact_lock(%s)", [_TURN])
        if await turn.fetchone() != (True,):
            return 0
        cursor = await connection.execute(statement, parameters)
        row = await cursor.fetchone()
    return 0 if row is None else int(row[0])
