"""/api/posts: reading pages, one post, and submitting."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from redis.asyncio import Redis

from integration.api.conftest import StartApi
from sentistream_core.broker.consumer_group import Consumer, ensure_group
from sentistream_core.database.pool import Pool
from sentistream_core.database.posts import store_posts
from sentistream_core.post import Post, decode_post
from sentistream_core.sentiment import Label
from sentistream_local.pipeline import LocalPipeline
from sentistream_local.valkey import Valkey
from support.oracle import drained
from support.posts import a_classified_post, store
from support.processes import start_worker
from support.streams import PARTITION
from support.waiting import eventually


def ids(response: httpx.Response) -> list[str]:
    assert response.status_code == 200, response.text
    return [post["id"] for post in response.json()["posts"]]


async def posts_in_stream(redis: Redis) -> list[Post]:
    entries: Any = await redis.xrange(PARTITION.posts)
    return [decode_post(entry_id.decode(), fields) for entry_id, fields in entries]


async def test_an_empty_database_has_an_empty_page(api: httpx.AsyncClient) -> None:
    response = await api.get("/api/posts/recent")
    assert response.json() == {"posts": [], "next": None, "complete": True}


async def test_recent_posts_are_the_ten_newest_first(api: httpx.AsyncClient, pool: Pool) -> None:
    stored = await store(pool, [a_classified_post(f"post {number}") for number in range(12)])
    assert ids(await api.get("/api/posts/recent")) == stored[:-11:-1]


async def test_the_sources_are_those_that_stored_posts_have(api: httpx.AsyncClient, pool: Pool) -> None:
    assert (await api.get("/api/posts/sources")).json() == {"sources": []}
    await store_posts(pool, [a_classified_post(source=name) for name in ("simulator", "dashboard", "simulator", "api")])
    assert (await api.get("/api/posts/sources")).json() == {"sources": ["api", "dashboard", "simulator"]}


async def test_the_list_of_sources_is_bounded(api: httpx.AsyncClient, pool: Pool) -> None:
    names = [f"source-{number:03}" for number in range(150)]
    await store_posts(pool, [a_classified_post(source=name) for name in names])
    assert (await api.get("/api/posts/sources")).json() == {"sources": names[:100]}


async def test_pages_show_every_post_once_also_within_one_batch_and_while_new_ones_come(
    api: httpx.AsyncClient, pool: Pool
) -> None:
    batch = [a_classified_post(f"post {number}") for number in range(25)]
    await store_posts(pool, batch)  # one timestamp for all
    seen: list[str] = []
    cursor = None
    while cursor is not None or not seen:
        response = await api.get(
            "/api/posts/recent", params={"limit": 10} | ({"before": cursor} if cursor is not None else {})
        )
        seen += ids(response)
        cursor = response.json()["next"]
        await store(pool, [a_classified_post("newer")])
    assert sorted(seen) == sorted(str(each.post.id) for each in batch)


async def test_the_last_full_page_says_that_it_is_the_last(api: httpx.AsyncClient, pool: Pool) -> None:
    await store(pool, [a_classified_post(), a_classified_post()])
    assert (await api.get("/api/posts/recent", params={"limit": 2})).json()["next"] is None


async def test_filters_by_label_source_and_score(api: httpx.AsyncClient, pool: Pool) -> None:
    stored = await store(
        pool,
        [
            a_classified_post(label=Label.POSITIVE, score=0.9, source="a"),
            a_classified_post(label=Label.POSITIVE, score=0.6, source="b"),
            a_classified_post(label=Label.NEGATIVE, score=0.7, source="a"),
        ],
    )

    async def find(**parameters: str) -> list[int]:
        return sorted(stored.index(each) for each in ids(await api.get("/api/posts/recent", params=parameters)))

    assert await find(label="positive") == [0, 1]
    assert await find(label="neutral") == []
    assert await find(source="a") == [0, 2]
    assert await find(source="a", label="negative") == [2]
    assert await find(min_score="0.65") == [0, 2]
    assert await find(max_score="0.65") == [1]


def as_json(time: datetime) -> str:
    return time.isoformat().replace("+00:00", "Z")


async def test_one_post_tells_its_way_through_the_pipeline(api: httpx.AsyncClient, pool: Pool) -> None:
    classified = a_classified_post("hello", label=Label.POSITIVE, score=0.9)
    [post_id] = await store(pool, [classified])
    response = await api.get(f"/api/posts/{post_id}")
    post = response.json()
    timestamp = post.pop("timestamp")
    assert timestamp.endswith("Z")
    assert post == {
        "id": post_id,
        "content": "hello",
        "source": "test",
        "author": "ada",
        "lang": "en",
        "url": "https://social.example/1",
        "revision": None,
        "sentiment_label": "positive",
        "sentiment_score": 0.9,
        "scores": {"positive": 0.9, "neutral": 0.05, "negative": 0.05},
        "model": "words-1",
        "posted_at": as_json(classified.post.created_at),
        "stream_id": "1777863721012-0",
        "read_at": as_json(classified.read_at),
        "classified_at": as_json(classified.classified_at),
    }


async def test_an_unknown_post_is_a_404(api: httpx.AsyncClient) -> None:
    response = await api.get(f"/api/posts/{uuid4()}")
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("before=no-cursor", "before"),
        ("before=ffffffffffffffff-00000000000000000000000000000000", "before"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("label=angry", "label"),
        ("source=a%00b", "source"),
        ("min_score=1.5", "min_score"),
        ("min_score=nan", "min_score"),
    ],
)
async def test_a_bad_parameter_is_a_400_that_names_it(api: httpx.AsyncClient, query: str, named: str) -> None:
    response = await api.get(f"/api/posts/recent?{query}")
    assert response.status_code == 400
    assert f"query.{named}:" in response.json()["detail"]


async def test_a_submitted_post_is_in_the_stream(api: httpx.AsyncClient, redis: Redis) -> None:
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    response = await api.post("/api/posts", json={"content": "  hello  "}, headers={"traceparent": trace})
    assert response.status_code == 202
    [post] = await posts_in_stream(redis)
    assert response.json() == {"ids": [str(post.id)]}
    assert (post.content, post.source, post.author, post.traceparent) == ("hello", "api", None, trace)
    assert post.id.version == 7


async def test_a_batch_keeps_its_order_and_its_ids(api: httpx.AsyncClient, redis: Redis) -> None:
    given = str(uuid4())
    response = await api.post(
        "/api/posts",
        json={
            "posts": [
                {"content": "one", "id": given, "created_at": "2026-01-01T02:00:00+02:00"},
                {"content": "dois", "source": "crm", "author": "bob", "lang": "pt-BR", "url": "https://crm.example/2"},
            ]
        },
    )
    posts = await posts_in_stream(redis)
    assert response.json()["ids"] == [str(post.id) for post in posts]
    assert [post.content for post in posts] == ["one", "dois"]
    assert posts[0].id == UUID(given)
    assert posts[0].created_at.isoformat() == "2026-01-01T00:00:00+00:00"
    assert (posts[0].lang, posts[0].url) == (None, None)
    assert (posts[1].source, posts[1].author) == ("crm", "bob")
    assert (posts[1].lang, posts[1].url) == ("pt-BR", "https://crm.example/2")


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, "content"),
        ({"content": " \n "}, "content"),
        ({"content": "x" * 10_001}, "content"),
        ({"content": "nul \0"}, "content"),
        ({"content": 5}, "content"),
        ({"content": "x", "id": "no-uuid"}, "id"),
        ({"content": "x", "created_at": "yesterday"}, "created_at"),
        ({"content": "x", "created_at": "2026-01-01T00:00:00"}, "created_at"),
        ({"content": "x", "created_at": "0001-01-01T00:00:00+02:00"}, "created_at"),
        ({"content": "x", "source": ""}, "source"),
        ({"content": "x", "lang": "English, I think"}, "lang"),
        ({"content": "x", "url": "javascript:alert(1)"}, "url"),
        ({"content": "x", "url": "https://crm.example/" + "x" * 2_000}, "url"),
        ({"posts": []}, "posts"),
        ({"posts": [{"content": "x"}] * 1_001}, "posts"),
        ({"posts": [{"content": "x"}, {"content": ""}]}, "posts.1.content"),
    ],
)
async def test_a_bad_body_is_a_400_that_names_the_field_and_writes_nothing(
    api: httpx.AsyncClient, redis: Redis, body: object, named: str
) -> None:
    response = await api.post("/api/posts", json=body)
    assert response.status_code == 400
    assert f".{named}:" in response.json()["detail"]
    assert await redis.xlen(PARTITION.posts) == 0


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"content": "x", "mood": 1}, "'mood': no such field; there are content, source, "),
        ({"posts": [{"content": "x"}], "tone": 2}, "'tone': no such field; there are posts"),
        ({f"{number:04}" + "x" * 700: 0 for number in range(5_000)}, " and 4,997 more: no such field; there are "),
    ],
    ids=["of a post", "of a batch", "thousands"],
)
async def test_fields_that_there_are_not_are_told_together(api: httpx.AsyncClient, body: object, told: str) -> None:
    response = await api.post("/api/posts", json=body)
    assert response.status_code == 400
    assert told in response.json()["detail"]
    assert len(response.json()["detail"]) <= 300


async def test_of_many_faults_the_first_ten_are_told(api: httpx.AsyncClient) -> None:
    response = await api.post("/api/posts", json={"posts": [{"content": ""}] * 1_000})
    assert response.json()["detail"].count("body.batch.posts.") == 10
    assert response.json()["detail"].endswith("; and 990 more")


@pytest.mark.parametrize("raw", [b"{", b'{"content": "\\ud800"}', b"\xff", b"[]", b'"text"'])
async def test_a_body_that_is_no_post_is_a_400(api: httpx.AsyncClient, raw: bytes) -> None:
    response = await api.post("/api/posts", content=raw, headers={"content-type": "application/json"})
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"


async def test_over_the_backlog_limit_a_post_is_refused_with_the_time_to_wait(
    start_api: StartApi, redis: Redis
) -> None:
    api = await start_api(api_max_backlog=3)
    await ensure_group(redis, Consumer(PARTITION, "w"))
    for _ in range(3):
        assert (await api.post("/api/posts", json={"content": "x"})).status_code == 202
    response = await eventually(
        lambda: api.post("/api/posts", json={"content": "x"}), lambda response: response.status_code == 503
    )
    assert int(response.headers["retry-after"]) >= 1
    assert "3" in response.json()["detail"]


async def test_the_backlog_limit_holds_between_two_looks_at_the_broker(start_api: StartApi, redis: Redis) -> None:
    api = await start_api(api_max_backlog=5)
    await eventually(lambda: api.get("/api/pipeline"), lambda response: response.status_code == 200)
    batch = {"posts": [{"content": "x"}] * 1_000}
    answers = await asyncio.gather(*(api.post("/api/posts", json=batch) for _ in range(15)))
    assert sorted(answer.status_code for answer in answers) == [202] + [503] * 14
    assert await redis.xlen(PARTITION.posts) == 1_000, "a batch is let in whole"


async def test_while_the_brokers_memory_is_nearly_full_a_post_is_refused(start_api: StartApi, tmp_path: Path) -> None:
    server = Valkey(tmp_path / "valkey", tmp_path / "valkey.log", options=("--maxmemory", "64mb"))
    try:
        api = await start_api(redis_url=server.url)

        async def send() -> httpx.Response:
            return await api.post("/api/posts", json={"content": "x"})

        assert (await send()).status_code == 202
        async with Redis.from_url(server.url) as broker:
            for number in range(55):
                await broker.set(f"filling-{number}", b"x" * 1_000_000)
            refused = await eventually(send, lambda response: response.status_code == 503)
            assert refused.headers["retry-after"]
            assert "memory" in refused.json()["detail"]
            await broker.flushdb()
            await eventually(send, lambda response: response.status_code == 202)
    finally:
        server.stop()


async def test_a_post_sent_again_with_its_id_is_stored_once(
    api: httpx.AsyncClient, redis: Redis, pipeline: LocalPipeline
) -> None:
    post = {"id": str(uuid4()), "content": "I love this"}
    for body in (post, post, {"posts": [post, post]}):
        response = await api.post("/api/posts", json=body)
        assert response.status_code == 202
        assert set(response.json()["ids"]) == {post["id"]}
    start_worker(pipeline)
    await drained(redis)
    assert [each["id"] for each in (await api.get("/api/posts/recent")).json()["posts"]] == [post["id"]]
    assert (await api.get("/api/stats", params={"window": "15m"})).json()["counts"]["total"] == 1
