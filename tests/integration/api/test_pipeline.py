"""GET /api/pipeline: what waits, who works, how fast."""

import asyncio
import json
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from prometheus_client import REGISTRY
from redis.asyncio import Redis

from integration.api.conftest import StartApi
from sentistream_core.background import end_tasks
from sentistream_core.broker.consumer_group import WORKER_GROUP, Consumer, ensure_group, read_new
from sentistream_core.broker.sources import SOURCES_KEY
from sentistream_core.broker.workers import WORKERS_KEY
from sentistream_ingester.presence import Presence, announce
from sentistream_ingester.source import Checkpoint, Skipped
from support.streams import PARTITION, a_post
from support.waiting import eventually

CONSUMER = Consumer(PARTITION, "worker-1")


async def get(api: httpx.AsyncClient) -> Any:  # noqa: ANN401 (JSON)
    response = await api.get("/api/pipeline")
    assert response.status_code == 200
    return response.json()


async def test_before_the_first_post_everything_is_zero(api: httpx.AsyncClient) -> None:
    pipeline = await get(api)
    assert pipeline["stream"] == {
        "length": 0,
        "lag": 0,
        "lag_known": True,
        "pending": 0,
        "backlog": 0,
        "oldest_unprocessed_seconds": None,
        "complete_until": None,
    }
    assert pipeline["workers"] == []
    assert pipeline["dead_letters"] == 0
    assert pipeline["capacity_posts_per_second"] is None
    assert pipeline["broker"]["used_memory_bytes"] > 0
    assert pipeline["broker"]["maxmemory_bytes"] is None


async def test_backlog_is_what_waits_and_what_is_in_work(api: httpx.AsyncClient, redis: Redis) -> None:
    await ensure_group(redis, CONSUMER)
    for _ in range(5):
        await redis.xadd(PARTITION.posts, {"content": "x"})
    entries = await read_new(redis, CONSUMER, count=2, block_milliseconds=0)
    await redis.xadd(PARTITION.dead_letters, {"reason": "x"})
    pipeline = await eventually(lambda: get(api), lambda answer: answer["dead_letters"] == 1)
    assert (pipeline["stream"]["lag"], pipeline["stream"]["pending"], pipeline["stream"]["backlog"]) == (3, 2, 5)
    assert pipeline["stream"]["oldest_unprocessed_seconds"] >= 0
    [worker] = pipeline["workers"]
    assert (worker["name"], worker["state"], worker["pending"]) == ("worker-1", "active", 2)
    await redis.xack(PARTITION.posts, WORKER_GROUP, *(entry.id for entry in entries))
    pipeline = await eventually(lambda: get(api), lambda answer: answer["stream"]["pending"] == 0)
    rates = pipeline["rates"]
    assert rates["ingested_per_second"] > rates["processed_per_second"] > 0


async def test_each_worker_tells_its_own_rate(api: httpx.AsyncClient, redis: Redis) -> None:
    now = time.time()
    for name, told in {"fast": {"rate": 402.5}, "of an earlier version": {}, "silent": {"rate": 9.0}}.items():
        consumer = Consumer(PARTITION, name)
        await ensure_group(redis, consumer)
        await read_new(redis, consumer, count=1, block_milliseconds=1)
        seen = now - 60 if name == "silent" else now
        await redis.hset(WORKERS_KEY, name, json.dumps({"capacity": 500.0, "seen": seen, **told}))
    answer = await eventually(lambda: get(api), lambda answer: len(answer["workers"]) == 3)
    rates = {worker["name"]: worker["posts_per_second"] for worker in answer["workers"]}
    assert rates == {"fast": 402.5, "of an earlier version": None, "silent": None}


async def test_capacity_is_the_sum_over_workers_that_were_seen_lately(api: httpx.AsyncClient, redis: Redis) -> None:
    now = time.time()
    told = {"a": (100.0, now), "b": (50.5, now), "gone": (900.0, now - 60)}
    for name, (capacity, seen) in told.items():
        await redis.hset(WORKERS_KEY, name, json.dumps({"capacity": capacity, "seen": seen}))
    await eventually(lambda: get(api), lambda answer: answer["capacity_posts_per_second"] == 150.5)


@pytest.mark.usefixtures("api")
async def test_a_worker_that_the_broker_takes_no_word_from_is_there_while_it_asks_for_entries(redis: Redis) -> None:
    """At maxmemory the broker refuses what a worker says of itself, and takes its reads."""
    place = {"stream": PARTITION.posts, "group": WORKER_GROUP}
    stale = json.dumps({"capacity": 100.0, "seen": time.time() - 60})
    for name in ("works", "was killed"):
        await redis.hset(WORKERS_KEY, name, stale)
    await redis.hset(WORKERS_KEY, "says so", json.dumps({"capacity": 100.0, "seen": time.time() + 60}))
    await eventually(lambda: seen("sentistream_workers", **place), lambda value: value == 1)
    await ensure_group(redis, Consumer(PARTITION, "works"))
    await read_new(redis, Consumer(PARTITION, "works"), count=1, block_milliseconds=1)
    await eventually(lambda: seen("sentistream_workers", **place), lambda value: value == 2)


@pytest.mark.usefixtures("api")
async def test_prometheus_sees_what_the_broker_and_the_database_hold(redis: Redis) -> None:
    assert metric("sentistream_broker_memory_limit_bytes", dependency="redis") is None, "this broker has no limit"
    await redis.xadd(PARTITION.dead_letters, {"reason": "x"})
    await redis.hset(WORKERS_KEY, "a", json.dumps({"capacity": 100.0, "seen": time.time()}))
    labels = {"stream": PARTITION.posts, "group": WORKER_GROUP}
    await eventually(lambda: seen("sentistream_workers", **labels), lambda value: value == 1)
    assert metric("sentistream_dead_letters_kept", stream=PARTITION.dead_letters) == 1
    for name in ("broker_memory_used_bytes", "broker_clients", "broker_commands_processed"):
        assert (metric(f"sentistream_{name}", dependency="redis") or 0) > 0
    await eventually(
        lambda: seen("sentistream_database_size_bytes", dependency="postgresql"), lambda value: value is not None
    )
    used = metric("sentistream_database_connections", dependency="postgresql")
    limit = metric("sentistream_database_max_connections", dependency="postgresql")
    assert used and limit and 0 < used <= limit  # noqa: PT018 (one relation of two figures)
    posts = metric("sentistream_database_posts_bytes", dependency="postgresql")
    assert posts and 0 < posts < (metric("sentistream_database_size_bytes", dependency="postgresql") or 0)  # noqa: PT018
    assert (metric("sentistream_database_transactions", dependency="postgresql", outcome="committed") or 0) > 0


def metric(name: str, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(name, labels)


async def seen(name: str, **labels: str) -> float | None:
    return metric(name, **labels)


async def test_a_broker_that_does_not_tell_of_itself_is_measured_all_the_same(
    start_api: StartApi, redis: Redis, redis_url: str
) -> None:
    user = f"no-info-{redis_url.rpartition('/')[2]}"
    await redis.execute_command("ACL", "SETUSER", user, "on", ">secret", "~*", "&*", "+@all", "-info")  # type: ignore[no-untyped-call]
    api = await start_api(redis_url=redis_url.replace("//", f"//{user}:secret@"))
    answer = await eventually(lambda: api.get("/api/pipeline"), lambda response: response.status_code == 200)
    assert answer.json()["broker"] == {"used_memory_bytes": None, "maxmemory_bytes": None}
    assert (await api.post("/api/posts", json={"content": "let in"})).status_code == 202
    await eventually(lambda: get(api), lambda pipeline: pipeline["stream"]["length"] == 1)


async def test_each_source_has_a_row_with_what_its_ingesters_say_of_themselves(
    api: httpx.AsyncClient, redis: Redis
) -> None:
    assert (await api.get("/api/pipeline")).json()["sources"] == []
    presence = Presence("bluesky", "bluesky:v2:host")
    presence.is_reading = True
    for lang in ("en", "en", "pt-BR"):
        presence.saw(replace(a_post("x"), lang=lang))
    presence.saw(Skipped("language", "ja"))
    presence.saw(Checkpoint("7", datetime.now(UTC) - timedelta(seconds=400)))
    other = {**Presence("bluesky", "bluesky:v2:host").status(rate=0), "seen": time.time() + 30}
    gone = {**Presence("feed", "feed:1").status(rate=0), "seen": time.time() - 20}
    await redis.hset(SOURCES_KEY, mapping={"other": json.dumps(other), "gone": json.dumps(gone)})
    announcing = asyncio.create_task(announce(redis, "pod", presence))
    try:
        answer = await eventually(
            lambda: api.get("/api/pipeline"),
            lambda response: any(each["state"] != "standing_by" for each in response.json()["sources"]),
        )
    finally:
        await end_tasks([announcing])
    (row,) = answer.json()["sources"]
    assert 400 <= row.pop("late_seconds") < 460
    assert row == {
        "name": "bluesky",
        "reads": "bluesky:v2:host",
        "state": "late",
        "posts_per_second": 0.0,
        "languages": [
            {"lang": "en", "posts": 2, "passed_on": True},
            {"lang": "pt", "posts": 1, "passed_on": True},
            {"lang": "ja", "posts": 1, "passed_on": False},
        ],
        "standing_by": 1,
    }
    answer = await eventually(
        lambda: api.get("/api/pipeline"), lambda response: response.json()["sources"][0]["state"] == "standing_by"
    )
