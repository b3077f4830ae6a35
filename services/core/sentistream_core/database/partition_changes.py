"""Adding partitions to `posts` and detaching old ones, while workers store and requests read.

Each change is one transaction. A detached table becomes a child of `posts_retired` until it is dropped.
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
    """Split a partition in two, so that one begins with the id `bound`.

    The partition should have few rows: they are read while `posts` is locked.

    Raises:
        psycopg.errors.LockNotAvailable: long transactions kept the table in use during all attempts.
        psycopg.errors.QueryCanceled: the partition has so many rows that a statement took longer than a second.
    """

    async def change() -> None:
        async with pool.connection() as connection, changing_partitions(connection):
            [whole] = [each for each in await list_partitions(connection) if bound in each]
            if whole.first == bound:
                return
            lower = Partition(_name(whole.first), whole.lower, bound)
            upper = Partition(_name(bound), bound, whole.upper)
            # The upper part, which has more rows, keeps the table. The other table is created before the lock is taken.
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
    """Detach the oldest day from `posts` if it is past and its posts were processed before `cutoff`.

    `posts_below` takes over its range of ids, and up to 500 posts that were processed at the cutoff or later. With more
    of these the day stays until they are old enough. `drop_retired` counts and drops the detached table.

    Returns:
        Whether a day was detached.

    Raises:
        psycopg.errors.LockNotAvailable: long transactions kept the table in use during all attempts.
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
    """Count the posts of detached days as expired and drop the tables. Returns how many posts they had."""
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
    """The name of the partition that begins with an id: it contains its first day."""
    return f"posts_{time_of_bound(first):%Y%m%d}"


def _bound_of(partition: Partition) -> Identifier:
    """The check constraint on a partition's range of ids.

    With it PostgreSQL need not read the table when it is attached again.
    """
    return Identifier(f"{partition.name}_bound")


async def _check_bound(connection: AsyncConnection[Any], below: Partition) -> None:
    """Add the constraint to `posts_below` and validate it. Its condition already holds: it is the partition's bound."""
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
            await connection.execute("SET LOCAL statement_timeout = 0")  # it reads the table and blocks no query
            await connection.execute(SQL("ALTER TABLE {} VALIDATE CONSTRAINT {}").format(table, name))


async def _number_since(connection: AsyncConnection[Any], partition: Partition, time: datetime) -> int:
    """How many posts of the partition were processed at a time or later; counting stops above the number to move."""
    cursor = await connection.execute(
        "SELECT count(*) FROM (SELECT FROM posts WHERE id BETWEEN %s AND %s AND timestamp >= %s LIMIT %s) AS young",
        [partition.first, partition.last, time, _MOVED_AT_MOST + 1],
    )
    row = await cursor.fetchone()
    return 0 if row is None else int(row[0])


async def _create(connection: AsyncConnection[Any], name: str) -> None:
    """Create a table like `posts` that is not attached yet."""
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
    """Rename a table and its indexes, whose names begin with the table's name."""
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
