"""Deleting what is older than its time. How much was deleted is kept, so that counts can be checked against it."""

from datetime import datetime, timedelta
from typing import Final

from sentistream_core.database.pool import Pool

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


async def expire_posts(pool: Pool, *, age: timedelta, limit: int) -> int:
    """Delete up to `limit` of the oldest posts that were processed longer ago than `age`; how many were deleted.

    Each call is a short transaction of its own.
    """
    return await delete_and_count(pool, _EXPIRE_POSTS, {"age": age, "limit": limit})


async def kept_since(pool: Pool) -> datetime | None:
    """Posts that were processed before this time may have been deleted; None if none ever was.

    The oldest go first: what was processed after the oldest one that is left is left, too.
    """
    async with pool.connection() as connection:
        cursor = await connection.execute(
            """
            SELECT CASE
                WHEN EXISTS (SELECT FROM expired_posts) THEN coalesce((SELECT min(timestamp) FROM posts), now())
            END
            """
        )
        row = await cursor.fetchone()
    return None if row is None else row[0]


async def delete_and_count(pool: Pool, statement: str, parameters: dict[str, object]) -> int:
    """Run a statement that deletes rows and returns their number."""
    async with pool.connection() as connection:
        row = await (await connection.execute(statement, parameters)).fetchone()
    return 0 if row is None else int(row[0])
