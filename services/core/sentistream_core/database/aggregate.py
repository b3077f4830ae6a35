"""The interface of an aggregate of the stored posts."""

from typing import Protocol

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from sentistream_core.database.pool import Pool
from sentistream_core.database.post_counts import PostCounts
from sentistream_core.settings import RetentionSettings


class Aggregate(Protocol):
    """Counts that are updated in the transaction that stores the posts, so that they equal the rows at any commit.

    An implementation has one or a few tables, and is the only module that writes to them.
    """

    @property
    def name(self) -> str:
        """The name of its part of the storing statement; unique among the aggregates."""

    @property
    def update(self) -> str:
        """A data-modifying statement that counts the rows of `counted`, those that this transaction stores or edits.

        `counted` has the columns id, content, source, lang, sentiment_label, sentiment_score, event_time, the time to
        count it at, and weight: 1 of what is stored now, and -1 of what an edit has replaced. Rows are to be locked in
        the same order by all workers, or two of them wait for each other in a circle.
        """

    async def expire(self, pool: Pool, retention: RetentionSettings, *, limit: int) -> int:
        """Delete up to `limit` expired rows in a short transaction. Returns how many were deleted."""

    async def differences(self, connection: AsyncConnection[TupleRow], posts: PostCounts) -> list[str]:
        """A sentence for each count that is not what the rows of `posts` say, as of the connection's snapshot.

        `posts` says how many there are, as of the same.
        """
