"""Searches that take long hold up nothing else."""

import asyncio

import httpx
import psycopg
from redis.asyncio import Redis

from sentistream_core.database.pool import Pool
from sentistream_local.pipeline import LocalPipeline
from support.live import join, next_frame, start_live_api, updates_until
from support.posts import a_classified_post, publish, store
from support.waiting import eventually

CLIENTS = 60
SEARCHES = 2
"""That run at a time; as many wait."""
LOCK = 1
SEARCHES_WAIT_FOR_THE_LOCK = f"""
    CREATE OR REPLACE FUNCTION search_query(text TEXT) RETURNS tsquery LANGUAGE plpgsql IMMUTABLE AS $$
    BEGIN
        PERFORM pg_advisory_xact_lock_shared({LOCK});
        RETURN websearch_to_tsquery('pg_catalog.simple', text);
    END $$
"""


async def test_searches_that_take_long_hold_up_neither_reads_nor_the_live_view(
    pipeline: LocalPipeline, database_url: str, redis: Redis, pool: Pool
) -> None:
    await store(pool, [a_classified_post("the first")])
    live = start_live_api(
        pipeline, API_SEARCH_CONNECTIONS=str(SEARCHES), API_READ_TIMEOUT_SECONDS="60", STATS_CACHE_MS="0"
    )
    async with (
        httpx.AsyncClient(base_url=live.replace("ws:", "http:").removesuffix("/ws/sentiment"), timeout=120) as client,
        await psycopg.AsyncConnection.connect(database_url, autocommit=True) as database,
    ):
        await database.execute(SEARCHES_WAIT_FOR_THE_LOCK)
        await database.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        searches = [
            asyncio.create_task(client.get("/api/posts/search", params={"q": "the the the the the"}))
            for _ in range(CLIENTS)
        ]
        ended = await eventually(lambda: ended_of(searches), lambda ended: len(ended) >= CLIENTS - 2 * SEARCHES)
        assert {answer.status_code for answer in ended} == {503}
        assert all(answer.headers["retry-after"] for answer in ended)
        for path in ("/api/stats", "/api/posts/recent", "/api/posts/recent?label=neutral", "/api/stats/history"):
            assert (await client.get(path)).status_code == 200
        async with join(live) as viewer:
            await next_frame(viewer, "snapshot")
            for number in range(3):
                await publish(redis, [a_classified_post(f"post {number}")])
                await updates_until(viewer, 1)
        await database.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
        answers = [await search for search in searches]
    statuses = [answer.status_code for answer in answers]
    assert set(statuses) == {200, 503}
    # Fewer are let in while the pool still opens its connections.
    assert SEARCHES <= statuses.count(200) <= 2 * SEARCHES
    assert "dependency is away" not in pipeline.log_of("api").read_text()


async def ended_of(searches: list[asyncio.Task[httpx.Response]]) -> list[httpx.Response]:
    return [search.result() for search in searches if search.done()]
