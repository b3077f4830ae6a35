"""What an aggregate of the stored posts brings along."""

from typing import Protocol

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from sentistream_core.database.pool import Pool
from sentistream_core.settings import RetentionSettings


class Aggregate(Protocol):
    """Counts that are kept in the transaction that stores the posts, so that they equal the rows at any commit.

    An implementation belongs to one table or a few, and is the only module that writes them.
    """

    @property
    def name(self) -> str:
        """Names its part of the storing statement; unique among the aggregates."""

    @property
    def update(self) -> str:
        """A data-modifying statement that counts the rows of `stored`, the posts that are new in this transaction.

        `stored` has the columns id, sentiment_label, sentiment_score and event_time, the time to count it at;
        `incoming` has all columns of all posts of the batch, by id. Rows are to be locked in the same order by all
        workers, or two of them wait for each other in a circle.
        """

    async def expire(self, pool: Pool, retention: RetentionSettings, *, limit: int) -> int:
        """Delete up to `limit` rows that are older than what is kept, in a short transaction; how many were deleted."""

    async def differences(self, connection: AsyncConnection[TupleRow]) -> list[str]:
        """A sentence for each count that is not what the rows of `posts` say, as of the connection's snapshot."""
