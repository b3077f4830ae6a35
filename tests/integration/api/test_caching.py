"""What is counted once for many, and what clients need not be sent again."""

import asyncio
from pathlib import Path

import httpx
import psycopg
import pytest
from prometheus_client import REGISTRY
from pydantic import AnyUrl
from redis.asyncio import Redis

from integration.api.conftest import StartApi
from sentistream_core.database.pool import Pool
from sentistream_local.valkey import Valkey
from support.posts import a_classified_post, store
from support.waiting import eventually

LONG = 60_000
"""Milliseconds that no test lasts."""


def answers(kind: str) -> float:
    return REGISTRY.get_sample_value("sentistream_stats_answers_total", {"kind": kind}) or 0.0


async def total(api: httpx.AsyncClient) -> int:
    response = await api.get("/api/stats")
    assert response.status_code == 200
    return int(response.json()["counts"]["total"])


async def counting_queries(pool: Pool) -> int:
    async with pool.connection() as connection:
        cursor = await connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        row = await cursor.fetchone()
    return int(row[0]) if row else 0


async def test_many_requests_to_several_processes_count_once(
    start_api: StartApi, pool: Pool, database_url: str
) -> None:
    await store(pool, [a_classified_post()])
    apis = [await start_api(stats_cache_ms=LONG), await start_api(stats_cache_ms=LONG)]
    before = answers("counted")
    async with await psycopg.AsyncConnection.connect(database_url) as holder:
        await holder.execute("LOCK TABLE sentiment_counts IN ACCESS EXCLUSIVE MODE")
        requests = [asyncio.create_task(total(api)) for api in apis for _ in range(20)]
        await eventually(lambda: counting_queries(pool), lambda waiting: waiting == 1)
        await holder.rollback()
    assert await asyncio.gather(*requests) == [1] * 40
    assert answers("counted") - before == 1


async def test_an_answer_is_shared_until_its_time_is_over(start_api: StartApi, pool: Pool) -> None:
    keeping, other = await start_api(stats_cache_ms=LONG), await start_api(stats_cache_ms=LONG)
    assert await total(keeping) == 0
    await store(pool, [a_classified_post()])
    assert await total(other) == 0, "the other process was told what the first had counted"
    uncached = await start_api(stats_cache_ms=0)
    assert await total(uncached) == 1


async def test_it_is_counted_anew_when_its_time_is_over(start_api: StartApi, pool: Pool) -> None:
    api = await start_api(stats_cache_ms=50)
    assert await total(api) == 0
    await store(pool, [a_classified_post()])
    await eventually(lambda: total(api), lambda posts: posts == 1)


async def test_windows_have_answers_of_their_own(start_api: StartApi, pool: Pool) -> None:
    api = await start_api(stats_cache_ms=LONG)
    assert await total(api) == 0
    await store(pool, [a_classified_post()])
    assert (await api.get("/api/stats", params={"window": "1h"})).json()["counts"]["total"] == 1


async def test_without_the_broker_each_process_counts_for_itself(
    start_api: StartApi, pool: Pool, server_folder: Path
) -> None:
    valkey = Valkey(server_folder / "stats-valkey", server_folder / "stats-valkey.log")
    api = await start_api(stats_cache_ms=LONG, redis_url=AnyUrl(valkey.url))
    assert await total(api) == 0
    valkey.stop()
    await store(pool, [a_classified_post()])
    before = answers("uncached")
    assert await total(api) == 1
    assert answers("uncached") > before


async def test_a_process_that_ended_while_it_counted_holds_nobody_up_for_long(
    start_api: StartApi, redis: Redis
) -> None:
    api = await start_api(stats_cache_ms=LONG)
    await redis.set("sentistream:stats:all:refill", "somebody who is gone")
    before = answers("uncached")
    assert await total(api) == 0
    assert answers("uncached") > before


async def test_an_error_is_told_to_all_who_asked_and_the_next_one_counts(
    start_api: StartApi, redis: Redis, database_url: str
) -> None:
    api = await start_api(stats_cache_ms=LONG)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("ALTER TABLE sentiment_counts RENAME TO gone")
        responses = await asyncio.gather(*(api.get("/api/stats") for _ in range(5)))
        assert {response.status_code for response in responses} == {503}
        assert await redis.exists("sentistream:stats:all:refill", "sentistream:stats:all") == 0
        connection.execute("ALTER TABLE gone RENAME TO sentiment_counts")
    assert await total(api) == 0


async def get(api: httpx.AsyncClient, path: str, tag: str | None = None) -> httpx.Response:
    return await api.get(path, headers={} if tag is None else {"If-None-Match": tag})


@pytest.mark.parametrize(
    ("path", "cache_control"),
    [
        ("/api/stats", "private, no-cache"),
        ("/api/stats/history", "private, no-cache"),
        ("/api/posts/recent", "private, no-cache"),
        ("/api/posts/{id}", "private, no-cache"),
    ],
    ids=["stats", "history", "recent", "post"],
)
async def test_what_a_client_has_is_not_sent_again(
    start_api: StartApi, pool: Pool, path: str, cache_control: str
) -> None:
    api = await start_api(stats_cache_ms=0)
    [post_id] = await store(pool, [a_classified_post()])
    path = path.replace("{id}", post_id)
    first = await get(api, path)
    assert first.status_code == 200
    assert "Authorization" in first.headers["vary"].split(", ")
    tag = first.headers["etag"]
    for held in (tag, f'"another", {tag}', tag.removeprefix("W/"), "*"):
        again = await get(api, path, held)
        assert again.status_code == 304
        assert again.content == b""
        assert (again.headers["etag"], again.headers["cache-control"]) == (tag, cache_control)
        assert "Authorization" in again.headers["vary"].split(", ")
    changed = await get(api, path, '"another"')
    assert changed.status_code == 200
    assert changed.headers["cache-control"] == cache_control


@pytest.mark.parametrize("path", ["/api/stats", "/api/stats?window=15m", "/api/stats/history", "/api/posts/recent"])
async def test_a_new_post_makes_a_new_answer(start_api: StartApi, pool: Pool, path: str) -> None:
    api = await start_api(stats_cache_ms=0)
    tag = (await get(api, path)).headers["etag"]
    await store(pool, [a_classified_post()])
    response = await get(api, path, tag)
    assert response.status_code == 200
    assert response.headers["etag"] != tag


@pytest.mark.parametrize("path", ["/api/pipeline", "/api/session", "/api/dead-letters", "/api/posts/no-uuid"])
async def test_everything_else_is_not_to_be_kept(api: httpx.AsyncClient, path: str) -> None:
    assert (await api.get(path)).headers["cache-control"] == "no-store"
