"""Deleting data that is past its retention time. The numbers of deleted rows are recorded, for consistency checks.

A past day whose posts have all expired is dropped as a whole partition. Posts whose ids are not ordered by time may be
in any partition: from the partitions of the present and the future they are deleted a few at a time.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

from sentistream_core.database.partition_changes import drop_retired, retire_oldest
from sentistream_core.database.partitions import list_partitions, time_of_bound
from sentistream_core.database.pool import Pool

_EXPIRE_POSTS: Final = """
WITH expired AS (
    DELETE FROM posts WHERE id BETWEEN %(first)s AND %(last)s AND id IN (
        SELECT id FROM posts
        WHERE id BETWEEN %(first)s AND %(last)s AND timestamp < %(cutoff)s ORDER BY timestamp LIMIT %(limit)s
    )
    RETURNING sentiment_label
),
recorded AS (
    INSERT INTO expired_posts AS known (label, posts, processed_before)
    SELECT sentiment_label, count(*), %(cutoff)s FROM expired GROUP BY 1 ORDER BY 1
    ON CONFLICT (label) DO UPDATE SET
        posts = known.posts + excluded.posts,
        processed_before = greatest(known.processed_before, excluded.processed_before)
)
SELECT count(*) FROM expired
"""


async def expire_days(pool: Pool, *, age: timedelta) -> int:
    """Drop the days whose posts were all processed longer ago than `age`. Returns how many posts they had.

    It blocks other sessions for a fraction of a second at most.

    Raises:
        psycopg.errors.LockNotAvailable: long transactions kept the table in use during all attempts.
    """
    cutoff = datetime.now(UTC) - age
    expired = await drop_retired(pool)  # of an earlier run that was interrupted
    while await retire_oldest(pool, cutoff=cutoff):
        expired += await drop_retired(pool)
    return expired


async def expire_posts(pool: Pool, *, age: timedelta, limit: int) -> int:
    """Delete up to `limit` expired posts from each partition that is not a past day. Returns how many were deleted.

    A post has expired when it was processed longer ago than `age`; the oldest are deleted first. Each partition takes a
    short transaction of its own.
    """
    now = datetime.now(UTC)
    async with pool.connection() as connection:
        partitions = await list_partitions(connection)
    return sum(
        [
            await delete_and_count(
                pool,
                _EXPIRE_POSTS,
                {"first": each.first, "last": each.last, "cutoff": now - age, "limit": limit},
            )
            for each in partitions
            if each.lower is None or each.upper is None or time_of_bound(each.upper) > now
        ]
    )


async def kept_since(pool: Pool) -> datetime | None:
    """Posts that were processed before this time may have been deleted; None if retention never deleted any."""
    async with pool.connection() as connection:
        row = await (await connection.execute("SELECT max(processed_before) FROM expired_posts")).fetchone()
    return None if row is None else row[0]


async def delete_and_count(pool: Pool, statement: str, parameters: dict[str, object]) -> int:
    """Run a statement that deletes rows and returns their number."""
    async with pool.connection() as connection:
        row = await (await connection.execute(statement, parameters)).fetchone()
    return 0 if row is None else int(row[0])
