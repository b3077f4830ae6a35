"""Size and load of the database, from statistics that any role may read."""

from dataclasses import dataclass
from typing import Final

from sentistream_core.database.pool import Pool

# pg_stat_activity shows others' sessions only to members of pg_monitor; the counters per database are open to all.
_FIGURES: Final = """
SELECT pg_database_size(own.datid),
       (SELECT sum(pg_total_relation_size(relid))::bigint FROM pg_partition_tree('posts')),
       (SELECT sum(numbackends) FROM pg_stat_database),
       current_setting('max_connections')::int,
       own.xact_commit,
       own.xact_rollback,
       own.deadlocks,
       (SELECT coalesce(max(extract(epoch FROM now() - xact_start)), 0) FROM pg_stat_activity
        WHERE datid = own.datid AND pid <> pg_backend_pid())
FROM pg_stat_database AS own WHERE own.datname = current_database()
"""


@dataclass(frozen=True, slots=True)
class DatabaseStatistics:
    size_bytes: int
    posts_bytes: int
    """Size of all partitions of `posts` with their indexes."""
    connections: int
    """To all databases of the server, this connection included."""
    max_connections: int
    committed: int
    """Transactions since the database's statistics were reset; the same goes for the next two."""
    rolled_back: int
    deadlocks: int
    oldest_transaction_seconds: float
    """Of the sessions that this role may see (its own; all for members of pg_monitor); 0: none is in a transaction."""


async def read_statistics(pool: Pool) -> DatabaseStatistics:
    """Read them in one statement, whose cost does not depend on the number of posts.

    Raises:
        psycopg.Error: the database cannot answer.
    """
    async with pool.connection() as connection:
        row = await (await connection.execute(_FIGURES)).fetchone()
    assert row is not None, "every database has its row in pg_stat_database"  # noqa: S101
    size, posts, connections, max_connections, committed, rolled_back, deadlocks, oldest = row
    return DatabaseStatistics(
        size_bytes=size,
        posts_bytes=posts,
        connections=int(connections),
        max_connections=max_connections,
        committed=committed,
        rolled_back=rolled_back,
        deadlocks=deadlocks,
        oldest_transaction_seconds=max(0.0, float(oldest)),
    )
