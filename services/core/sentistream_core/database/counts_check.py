"""Posts and their aggregates side by side, at one moment."""

from collections import Counter
from dataclasses import dataclass

from sentistream_core.database.pool import Pool


@dataclass(frozen=True, slots=True)
class StoredCounts:
    """What was ever stored; what retention deleted is added on both sides."""

    posts: Counter[str]
    """Posts by label."""
    counted: Counter[tuple[str, str]]
    """Posts in `sentiment_counts`, by resolution and label."""


async def read_counts(pool: Pool) -> StoredCounts:
    """Count every row, in one snapshot: the cost grows with the table."""
    async with pool.connection() as connection, connection.transaction():
        await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        await connection.execute("SET LOCAL statement_timeout = 0")
        posts = await connection.execute(
            """
            SELECT sentiment_label, count(*) FROM posts GROUP BY 1
            UNION ALL
            SELECT label, posts FROM expired_posts
            """
        )
        by_label: Counter[str] = Counter()
        for label, number in await posts.fetchall():
            by_label[label] += number
        counts = await connection.execute(
            """
            SELECT resolution::text, label, sum(posts)::bigint FROM sentiment_counts GROUP BY 1, 2
            UNION ALL
            SELECT resolution::text, label, posts FROM expired_counts
            """
        )
        by_resolution: Counter[tuple[str, str]] = Counter()
        for resolution, label, number in await counts.fetchall():
            by_resolution[resolution, label] += number
    return StoredCounts(posts=by_label, counted=by_resolution)
