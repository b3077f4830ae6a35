"""The aggregates of the stored posts. A new one is a module that implements `Aggregate`, and a line here."""

from collections.abc import Sequence
from typing import Final

from sentistream_core.database.aggregate import Aggregate
from sentistream_core.database.pool import Pool
from sentistream_core.database.sentiment_counts.aggregate import SentimentCounts

AGGREGATES: Final[tuple[Aggregate, ...]] = (SentimentCounts(),)


async def differences(pool: Pool, aggregates: Sequence[Aggregate] = AGGREGATES) -> list[str]:
    """A sentence for each count that differs from the rows of `posts`, all at one moment. Reads every row."""
    async with pool.connection() as connection, connection.transaction():
        await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        await connection.execute("SET LOCAL statement_timeout = 0")
        # Locked before the snapshot is taken: attaching or detaching a partition takes effect in all transactions at
        # once, also in those whose snapshot is older.
        await connection.execute("LOCK TABLE ONLY posts, posts_retired IN ACCESS SHARE MODE")
        return [each for aggregate in aggregates for each in await aggregate.differences(connection)]
