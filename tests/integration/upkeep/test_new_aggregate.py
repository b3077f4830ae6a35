"""A new aggregate is one module and a line in the list: stored with the posts, expired by upkeep, checked by verify."""

from pydantic import AnyUrl
from redis.asyncio import Redis

from sentistream_core.database import aggregates
from sentistream_core.database.aggregates import AGGREGATES
from sentistream_core.database.pool import Pool
from sentistream_core.database.posts import store_posts
from sentistream_upkeep.duties.expiry import expire_aggregates
from sentistream_upkeep.duty import Tools
from sentistream_upkeep.settings import UpkeepSettings
from support.lengths import TABLE, Lengths
from support.posts import a_classified_post

WITH_LENGTHS = (*AGGREGATES, Lengths())


async def test_a_new_aggregate_is_stored_checked_and_expired(pool: Pool, redis: Redis, database_url: str) -> None:
    async with pool.connection() as connection:
        await connection.execute(TABLE)
    posts = [a_classified_post("x" * characters) for characters in (10, 20, 150)]
    await store_posts(pool, posts[:2], WITH_LENGTHS)
    await store_posts(pool, posts, WITH_LENGTHS)  # two of them come again
    assert await _lengths(pool) == [(0, 2), (1, 1)]
    assert await aggregates.differences(pool, WITH_LENGTHS) == []
    async with pool.connection() as connection:
        await connection.execute("UPDATE lengths SET posts = 7 WHERE hundreds = 1")
        await connection.execute("UPDATE lengths SET last_at = now() - INTERVAL '31 days' WHERE hundreds = 0")
    assert await aggregates.differences(pool, WITH_LENGTHS) == ["7 posts of 100 characters, not 1"]
    settings = UpkeepSettings(database_url=AnyUrl(database_url))
    await expire_aggregates(Tools(settings, redis, pool), WITH_LENGTHS).run()
    assert await _lengths(pool) == [(1, 7)]


async def _lengths(pool: Pool) -> list[tuple[int, int]]:
    async with pool.connection() as connection:
        rows = await connection.execute("SELECT hundreds, posts FROM lengths ORDER BY 1")
        return [(hundreds, posts) for hundreds, posts in await rows.fetchall()]
