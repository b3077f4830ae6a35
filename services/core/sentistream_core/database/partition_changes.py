"""Adding partitions to `posts` and taking them out, while workers store and requests read.

Each change is one transaction. A table that was taken out is found by its parent, `posts_retired`.
"""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.sql import SQL, Identifier, Literal

from sentistream_core.database.brief_lock import be_alone, changing_partitions, until_alone
from sentistream_core.database.partitions import Partition, list_partitions, time_of_bound
from sentistream_core.database.pool import Pool
from sentistream_core.sentiment import Label

_MOVED_AT_MOST: Final = 500
_BEING_MADE: Final = "posts_being_made"


async def split(pool: Pool, bound: UUID) -> None:
    """Let a partition begin with an id. The one that holds it should hold little: it is read while all others wait.

    Raises:
        psycopg.errors.LockNotAvailable: there was no moment without a long transaction.
        psycopg.errors.QueryCanceled: the partition holds so much that it took a second.
    """

    async def change() -> None:
        async with pool.connection() as connection, changing_partitions(connection):
            [whole] = [each for each in await list_partitions(connection) if bound in each]
            if whole.first == bound:
                return
            lower = Partition(_name(whole.first), whole.lower, bound)
            upper = Partition(_name(bound), bound, whole.upper)
            # The upper part, which holds more, keeps the table. The other one is made before anybody has to wait.
            await _create(connection, _BEING_MADE)
            await be_alone(connection, whole.name)
            await _detach(connection, whole.name)
            await _rename(connection, whole.name, upper.name)
            await _rename(connection, _BEING_MADE, lower.name)
            await connection.execute(
                SQL("WITH moved AS (DELETE FROM {} WHERE id < {} RETURNING *) INSERT INTO {} TABLE moved").format(
                    Identifier(upper.name), Literal(bound), Identifier(lower.name)
                )
            )
            await _attach(connection, lower)
            await _attach(connection, upper)

    await until_alone(pool, change)


async def retire_oldest(pool: Pool, *, cutoff: datetime) -> bool:
    """Take the oldest day out of `posts` if it is past and its posts were processed before `cutoff`; whether it was.

    `posts_below` takes over its ids, and the few posts that were processed later: when there are more of them, the day
    stays until they are old, too. `drop_retired` does the rest.

    Raises:
        psycopg.errors.LockNotAvailable: there was no moment without a long transaction.
    """

    async def change() -> bool:
        async with pool.connection() as connection:
            below, oldest, *_ = await list_partitions(connection)
            is_past = oldest.upper is not None and not oldest.is_outer and time_of_bound(oldest.upper) <= cutoff
            if not is_past or await _number_since(connection, oldest, cutoff) > _MOVED_AT_MOST:
                return False
            await _check_bound(connection, below)
            async with changing_partitions(connection):
                if [below, oldest] != (await list_partitions(connection))[:2]:
                    return False  # another process was faster
                await be_alone(connection, below.name, oldest.name)
                await _detach(connection, oldest.name)
                await _detach(connection, below.name)
                await _attach(connection, Partition(below.name, None, oldest.upper))
                await connection.execute(
                    SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(Identifier(below.name), _bound_of(below))
                )
                await connection.execute(
                    SQL(
                        "WITH moved AS (DELETE FROM {} WHERE timestamp >= {} RETURNING *) INSERT INTO {} TABLE moved"
                    ).format(Identifier(oldest.name), Literal(cutoff), Identifier(below.name))
                )
                await connection.execute(SQL("ALTER TABLE {} INHERIT posts_retired").format(Identifier(oldest.name)))
                await connection.execute(
                    """
                    INSERT INTO expired_posts AS known (label, posts, processed_before)
                    SELECT label, 0, %s FROM unnest(%s::text[]) AS label ORDER BY 1
                    ON CONFLICT (label) DO UPDATE
                        SET processed_before = greatest(known.processed_before, excluded.processed_before)
                    """,
                    [cutoff, list(Label)],
                )
            return True

    return await until_alone(pool, change)


async def drop_retired(pool: Pool) -> int:
    """Count the days that were taken out of `posts` as expired, and drop them; how many posts they held."""
    dropped = 0
    async with pool.connection() as connection:
        cursor = await connection.execute(
            "SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid "
            "WHERE inhparent = 'posts_retired'::regclass ORDER BY 1"
        )
        for (name,) in await cursor.fetchall():
            async with connection.transaction():
                await connection.execute("SET LOCAL statement_timeout = 0")  # it reads all of the day's posts
                cursor = await connection.execute(
                    SQL(
                        """
                        WITH counted AS (
                            INSERT INTO expired_posts AS known (label, posts)
                            SELECT sentiment_label, count(*) FROM {} GROUP BY 1 ORDER BY 1
                            ON CONFLICT (label) DO UPDATE SET posts = known.posts + excluded.posts
                        )
                        SELECT count(*) FROM {}
                        """
                    ).format(Identifier(name), Identifier(name))
                )
                row = await cursor.fetchone()
                await connection.execute(SQL("DROP TABLE {}").format(Identifier(name)))
            dropped += 0 if row is None else row[0]
    return dropped


def _name(first: UUID) -> str:
    """Of the partition that begins with an id: its day."""
    return f"posts_{time_of_bound(first):%Y%m%d}"


def _bound_of(partition: Partition) -> Identifier:
    """The constraint that tells PostgreSQL what ids are in a table that is no partition for a moment.

    With it the table need not be read to become a partition again.
    """
    return Identifier(f"{partition.name}_bound")


async def _check_bound(connection: AsyncConnection[Any], below: Partition) -> None:
    """Have the constraint on `posts_below`. It is what its bound says already, and refuses nothing."""
    if below.upper is None:
        raise ValueError(f"{below.name} has no upper bound")
    table, name = Identifier(below.name), _bound_of(below)
    cursor = await connection.execute(
        "SELECT convalidated FROM pg_constraint WHERE conrelid = %s::regclass AND conname = %s",
        [below.name, f"{below.name}_bound"],
    )
    row = await cursor.fetchone()
    if row is None:
        async with connection.transaction():
            await connection.execute("SET LOCAL lock_timeout = 75")
            await connection.execute(
                SQL("ALTER TABLE {} ADD CONSTRAINT {} CHECK (id < {}) NOT VALID").format(
                    table, name, Literal(str(below.upper))
                )
            )
    if row != (True,):
        async with connection.transaction():
            await connection.execute("SET LOCAL statement_timeout = 0")  # it reads the table, and nobody waits for it
            await connection.execute(SQL("ALTER TABLE {} VALIDATE CONSTRAINT {}").format(table, name))


async def _number_since(connection: AsyncConnection[Any], partition: Partition, time: datetime) -> int:
    """Of posts that were processed at a time or later; one more than may be moved at most."""
    cursor = await connection.execute(
        "SELECT count(*) FROM (SELECT FROM posts WHERE id BETWEEN %s AND %s AND timestamp >= %s LIMIT %s) AS young",
        [partition.first, partition.last, time, _MOVED_AT_MOST + 1],
    )
    row = await cursor.fetchone()
    return 0 if row is None else int(row[0])


async def _create(connection: AsyncConnection[Any], name: str) -> None:
    """A table like `posts` that is no partition yet."""
    await connection.execute(SQL("CREATE TABLE {} (LIKE posts INCLUDING ALL)").format(Identifier(name)))
    cursor = await connection.execute(
        """
        SELECT relname FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
        WHERE indrelid = %s::regclass AND relam = (SELECT oid FROM pg_am WHERE amname = 'gin')
        """,
        [name],
    )
    for (index,) in await cursor.fetchall():
        # As on every partition, so that rare words are known to the planner; LIKE does not copy it.
        await connection.execute(SQL("ALTER INDEX {} ALTER COLUMN 1 SET STATISTICS 1000").format(Identifier(index)))


async def _rename(connection: AsyncConnection[Any], name: str, new_name: str) -> None:
    """Rename a table and its indexes, whose names begin like its own."""
    await connection.execute(SQL("ALTER TABLE {} RENAME TO {}").format(Identifier(name), Identifier(new_name)))
    cursor = await connection.execute(
        "SELECT relname FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid WHERE indrelid = %s::regclass",
        [new_name],
    )
    for (index,) in await cursor.fetchall():
        await connection.execute(
            SQL("ALTER INDEX {} RENAME TO {}").format(Identifier(index), Identifier(index.replace(name, new_name, 1)))
        )


async def _detach(connection: AsyncConnection[Any], name: str) -> None:
    await connection.execute(SQL("ALTER TABLE posts DETACH PARTITION {}").format(Identifier(name)))


async def _attach(connection: AsyncConnection[Any], partition: Partition) -> None:
    lower = SQL("MINVALUE") if partition.lower is None else Literal(str(partition.lower))
    upper = SQL("MAXVALUE") if partition.upper is None else Literal(str(partition.upper))
    await connection.execute(
        SQL("ALTER TABLE posts ATTACH PARTITION {} FOR VALUES FROM ({}) TO ({})").format(
            Identifier(partition.name), lower, upper
        )
    )
