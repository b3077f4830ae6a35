"""The promise of the pipeline, checked from outside: nothing lost, nothing doubled, counters equal rows."""

from dataclasses import dataclass
from uuid import UUID

from redis.asyncio import Redis

from sentistream_core.broker.backlog import measure
from sentistream_core.database.pool import Pool
from support.streams import PARTITION, TOPOLOGY, entries
from support.waiting import eventually


@dataclass(frozen=True, slots=True)
class Outcome:
    stored: set[UUID]
    deleted: int
    """Rows that were deleted because their post was."""
    counted: dict[str, int]
    """Posts in `sentiment_counts`, and those of expired buckets, by resolution."""
    dead: list[str]
    """Entry ids in the dead-letter stream, in order."""


async def observe(pool: Pool, redis: Redis) -> Outcome:
    """What is in the database at one moment, and what is in the dead-letter stream."""
    async with pool.connection() as connection, connection.transaction():
        await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        stored = await (await connection.execute("SELECT id FROM posts")).fetchall()
        deleted = await (await connection.execute("SELECT coalesce(sum(posts), 0)::int FROM deleted_posts")).fetchone()
        counted = await (
            await connection.execute(
                """
                SELECT resolution::text, sum(posts)::int FROM (
                    SELECT resolution, posts FROM sentiment_counts
                    UNION ALL
                    SELECT resolution, posts FROM expired_counts
                ) AS counts GROUP BY 1
                """
            )
        ).fetchall()
    return Outcome(
        stored={row[0] for row in stored},
        deleted=deleted[0] if deleted else 0,
        counted=dict(counted),
        dead=[fields[b"original_id"].decode() for _, fields in await entries(redis, PARTITION.dead_letters)],
    )


async def is_drained(redis: Redis) -> bool:
    return (await measure(redis, TOPOLOGY)).backlog == 0


async def drained(redis: Redis, *, seconds: float = 60.0) -> None:
    """Wait until nothing is undelivered or pending."""
    await eventually(lambda: is_drained(redis), bool, seconds=seconds)
