"""Posts and their aggregates side by side, at one moment."""

from dataclasses import dataclass

from sentistream_core.database.pool import Pool


@dataclass(frozen=True, slots=True)
class StoredCounts:
    posts: dict[str, int]
    """Rows of `posts` by label."""
    counted: dict[tuple[str, str], int]
    """Posts in `sentiment_counts`, by resolution and label."""


async def read_counts(pool: Pool) -> StoredCounts:
    """Count every row, in one snapshot: the cost grows with the table."""
    async with pool.connection() as connection, connection.transaction():
        await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        await connection.execute("SET LOCAL statement_timeout = 0")
        posts = await connection.execute("SELECT sentiment_label, count(*) FROM posts GROUP BY 1")
        found: dict[str, int] = dict(await posts.fetchall())
        counts = await connection.execute(
            "SELECT resolution::text, label, sum(posts)::bigint FROM sentiment_counts GROUP BY 1, 2"
        )
        counted = {(resolution, label): number for resolution, label, number in await counts.fetchall()}
    labels = {*found, *(label for _, label in counted)}
    return StoredCounts(posts={label: found.get(label, 0) for label in labels}, counted=counted)
