"""The sources of the stored posts."""

from typing import Final

from sentistream_core.database.pool import Pool

# A loose index scan of idx_source: the cost depends on the number of sources, not of posts.
_NAMES: Final = """
WITH RECURSIVE names AS (
    (SELECT source FROM posts ORDER BY source LIMIT 1)
    UNION ALL
    SELECT (SELECT source FROM posts WHERE source > names.source ORDER BY source LIMIT 1)
    FROM names WHERE names.source IS NOT NULL
)
SELECT source FROM names WHERE source IS NOT NULL LIMIT %s
"""


async def stored_sources(pool: Pool, limit: int) -> list[str]:
    """Up to `limit` source names, in the database's collation order."""
    async with pool.connection() as connection:
        cursor = await connection.execute(_NAMES, [limit])
        return [name for (name,) in await cursor.fetchall()]
