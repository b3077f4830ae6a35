"""How many posts there were: those that are stored, and those that retention and removals have deleted."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Identifier

Progress = Callable[[int, int, int], None]
"""Told of tables that are counted, of all of them, and of the posts found in them."""


@dataclass(frozen=True, slots=True)
class PostCounts:
    """By label."""

    stored: Counter[str] = field(default_factory=Counter)
    expired: Counter[str] = field(default_factory=Counter)
    """Deleted by retention."""
    deleted: Counter[str] = field(default_factory=Counter)
    """Deleted because their post was."""

    @property
    def all(self) -> Counter[str]:
        """What was ever stored."""
        return self.stored + self.expired + self.deleted


async def count_posts(connection: AsyncConnection[TupleRow], progress: Progress) -> PostCounts:
    """Count one partition after the other, as of the connection's snapshot, which it must not have taken yet.

    Days that are retired and not yet dropped are among the stored ones. Retention waits until the transaction ends.
    """
    # Before the first look: partitions come and go for all transactions at once, whatever they have seen already.
    await connection.execute("LOCK TABLE posts, posts_retired IN ACCESS SHARE MODE")
    cursor = await connection.execute(
        """
        SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
        WHERE inhparent IN ('posts'::regclass, 'posts_retired'::regclass) ORDER BY relname
        """
    )
    tables = [name for (name,) in await cursor.fetchall()]
    counts = PostCounts()
    for number, table in enumerate(tables, start=1):
        cursor = await connection.execute(
            SQL("SELECT sentiment_label, count(*) FROM {} GROUP BY 1").format(Identifier(table))
        )
        counts.stored.update(dict(await cursor.fetchall()))
        progress(number, len(tables), counts.stored.total())
    for table, counter in (("expired_posts", counts.expired), ("deleted_posts", counts.deleted)):
        cursor = await connection.execute(SQL("SELECT label, posts FROM {}").format(Identifier(table)))
        counter.update(dict(await cursor.fetchall()))
    return counts
