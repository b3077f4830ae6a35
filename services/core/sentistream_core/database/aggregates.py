"""The aggregates of the stored posts. A new one is a module that implements `Aggregate`, and a line here."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sentistream_core.database.aggregate import Aggregate
from sentistream_core.database.pool import Pool
from sentistream_core.database.post_counts import PostCounts, Progress, count_posts
from sentistream_core.database.sentiment_counts.aggregate import SentimentCounts

AGGREGATES: Final[tuple[Aggregate, ...]] = (SentimentCounts(),)


@dataclass(frozen=True, slots=True)
class Balance:
    """The posts and what is counted of them, all at one moment."""

    posts: PostCounts
    differences: Sequence[str]
    """A sentence for each count that differs from the rows of `posts`."""


async def balance(
    pool: Pool, aggregates: Sequence[Aggregate] = AGGREGATES, progress: Progress = lambda *_: None
) -> Balance:
    """Compare all counts with the rows. Reads every row."""
    async with pool.connection() as connection, connection.transaction():
        await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        await connection.execute("SET LOCAL statement_timeout = 0")
        posts = await count_posts(connection, progress)
        found = [each for aggregate in aggregates for each in await aggregate.differences(connection, posts)]
    return Balance(posts, found)


async def differences(pool: Pool, aggregates: Sequence[Aggregate] = AGGREGATES) -> Sequence[str]:
    """A sentence for each count that differs from the rows of `posts`."""
    return (await balance(pool, aggregates)).differences
