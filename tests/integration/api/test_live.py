"""WS /ws/sentiment: what clients are told."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import websockets
from jsonschema import Draft202012Validator
from redis.asyncio import Redis

from sentistream_api.app import create_app
from sentistream_api.settings import ApiSettings
from sentistream_core.classified_post import GAP_FIELD
from sentistream_core.database.pool import Pool
from sentistream_core.database.sentiment_counts.resolutions import RESOLUTIONS, bucket_start
from sentistream_core.sentiment import Label
from sentistream_local.pipeline import LocalPipeline
from support.live import closed_with, contents, join, next_frame, start_live_api, updates_until
from support.posts import a_classified_post, a_sentiment, publish, store
from support.streams import PARTITION, entries, send_raw
from support.waiting import eventually

DOCUMENT = create_app(ApiSettings()).openapi()


async def test_frames_come_in_order_and_fit_the_documented_schema(live: str, redis: Redis, pool: Pool) -> None:
    validator = Draft202012Validator({"$ref": "#/components/schemas/Frame", "components": DOCUMENT["components"]})
    post = a_classified_post()
    await store(pool, [post])
    async with join(live, subprotocols=["sentistream.v1"]) as client:
        frames = [await next_frame(client), await next_frame(client)]
        await publish(redis, [post])
        frames += [await next_frame(client, "update"), await next_frame(client, "heartbeat")]
    assert [frame["type"] for frame in frames] == ["hello", "snapshot", "update", "heartbeat"]
    for frame in frames:
        validator.validate(frame)
        assert not validator.is_valid({**frame, "type": "another"})


@pytest.mark.parametrize(
    ("query", "seen", "is_complete"),
    [
        ("", [f"neutral {number}" for number in range(21, 31)] + [f"negative {number}" for number in range(10)], False),
        ("posts=sample&label=negative", [f"negative {number}" for number in range(10)], True),
        ("posts=sample&label=positive", [], True),
        (
            "posts=all",
            [f"neutral {number}" for number in range(31)] + [f"negative {number}" for number in range(10)],
            True,
        ),
        ("posts=all&label=neutral", [f"neutral {number}" for number in range(31)], True),
        ("posts=none", [], False),
    ],
)
async def test_a_client_gets_the_posts_that_it_asked_for(
    live: str, redis: Redis, query: str, seen: list[str], *, is_complete: bool
) -> None:
    posts = [a_classified_post(f"neutral {number}") for number in range(31)]
    posts += [a_classified_post(f"negative {number}", label=Label.NEGATIVE) for number in range(10)]
    async with join(live, query) as client:
        await next_frame(client, "snapshot")
        await publish(redis, posts)
        [update] = await updates_until(client, len(posts))  # one transaction wrote the posts
    assert contents([update]) == seen
    assert update["posts_complete"] is is_complete
    assert update["new_posts"] == len(posts)


@pytest.mark.parametrize("query", ["posts=all", "posts=all&label=neutral"])
async def test_an_edited_post_comes_again_whatever_its_label_is_now(live: str, redis: Redis, query: str) -> None:
    created = a_classified_post("I am not sure")
    post = replace(created.post, content="I take it back", revision="1")
    edited = replace(created, post=post, sentiment=a_sentiment(Label.NEGATIVE))
    async with join(live, query) as client:
        await next_frame(client, "snapshot")
        await publish(redis, [created, a_classified_post("another", label=Label.POSITIVE), edited])
        posts = [each for update in await updates_until(client, 3) for each in reversed(update["posts"])]
    assert [each["revision"] for each in posts if each["id"] == str(post.id)] == [None, "1"]
    (cursor, _), *_ = await entries(redis, PARTITION.processed)
    async with join(live, f"{query}&since={cursor}") as client:
        missed = (await next_frame(client, "snapshot"))["posts"]
    assert [each["content"] for each in missed if each["revision"]] == ["I take it back"]


async def test_posts_that_could_not_be_published_are_a_gap(live: str, redis: Redis) -> None:
    """A worker leaves one entry for them when the broker has no memory."""
    first, second = a_classified_post("before the gap"), a_classified_post("after the gap")
    async with join(live, "posts=all") as client:
        cursor = (await next_frame(client, "snapshot"))["cursor"]
        await publish(redis, [first])
        await redis.xadd(PARTITION.processed, {GAP_FIELD: "40"})
        await publish(redis, [second])
        updates = await updates_until(client, 42)
    assert sum(update["new_posts"] for update in updates) == 42
    assert contents(updates) == ["before the gap", "after the gap"]
    assert not all(update["posts_complete"] for update in updates)
    async with join(live, f"posts=all&since={cursor}") as client:
        assert not (await next_frame(client, "snapshot"))["gap_filled"]


async def test_the_snapshot_has_the_posts_that_were_asked_for(live: str, pool: Pool) -> None:
    await store(pool, [a_classified_post(label.value, label=label) for label in Label])
    for query, seen in (("", 3), ("label=negative", 1), ("posts=none", 0)):
        async with join(live, query) as client:
            snapshot = await next_frame(client, "snapshot")
            assert len(snapshot["posts"]) == seen
            assert snapshot["counts"]["total"] == 3, "counts are of all posts"


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("posts=some", "posts"),
        ("label=angry", "label"),
        ("since=yesterday", "since"),
        (f"since={2**64}-0", "since"),
    ],
)
async def test_a_parameter_that_does_not_fit_is_named(live: str, query: str, named: str) -> None:
    async with join(live, query) as client:
        code, reason = await closed_with(client)
    assert code == 4000
    assert f"query.{named}" in reason


async def test_frames_are_the_same_for_all_who_ask_for_the_same(live: str, redis: Redis) -> None:
    """Byte for byte: they were encoded once."""
    async with join(live) as one, join(live) as other, join(live, "posts=none") as third:
        for client in (one, other, third):
            await next_frame(client, "snapshot")
        await publish(redis, [a_classified_post()])
        first, second, without_posts = [await anext(_texts(client)) for client in (one, other, third)]
    assert first == second != without_posts
    assert json.loads(first) | {"posts": [], "posts_complete": False} == json.loads(without_posts)


async def _texts(client: websockets.ClientConnection) -> AsyncIterator[str]:
    """Updates with new posts, as they were sent."""
    async for text in client:
        if json.loads(text).get("new_posts"):
            yield str(text)


async def test_each_process_tells_its_clients_of_every_post(pipeline: LocalPipeline, redis: Redis) -> None:
    async with join(start_live_api(pipeline)) as one, join(start_live_api(pipeline)) as other:
        for client in (one, other):
            await next_frame(client, "snapshot")
        await publish(redis, [a_classified_post("to both")])
        for client in (one, other):
            assert contents(await updates_until(client, 1)) == ["to both"]
    assert await redis.xinfo_groups(PARTITION.processed) == [], "a group would share the posts out"


async def test_counts_are_the_databases_also_after_a_redelivery(live: str, redis: Redis, pool: Pool) -> None:
    posts = [a_classified_post(label=Label.POSITIVE), a_classified_post()]
    async with join(live) as client:
        await next_frame(client, "snapshot")
        for _ in range(3):  # a worker that is interrupted publishes again what it stored before
            await store(pool, posts)
            await publish(redis, posts)
            [*_, update] = await updates_until(client, len(posts))
    assert update["counts"]["total"] == 2
    assert update["counts"]["positive"]["posts"] == 1
    assert sum(point["positive"] + point["neutral"] for point in update["points"]) <= 2


async def test_a_late_post_changes_the_point_of_its_time(live: str, redis: Redis, pool: Pool) -> None:
    written_at = datetime.now(UTC) - timedelta(minutes=10)
    late = a_classified_post(label=Label.POSITIVE, written_at=written_at)
    time = bucket_start(written_at, RESOLUTIONS[0]).isoformat().replace("+00:00", "Z")
    async with join(live) as client:
        await next_frame(client, "snapshot")
        await store(pool, [late])
        await publish(redis, [late])
        [update] = await updates_until(client, 1)
    assert [point["positive"] for point in update["points"] if point["time"] == time] == [1]


async def test_a_client_is_told_that_a_post_waits(live: str, redis: Redis) -> None:
    async with join(live) as client:
        assert (await next_frame(client, "snapshot"))["complete_until"] is None
        await send_raw(redis, {"content": "x", "created_at": "2026-05-04T03:02:01Z"})
        await eventually(
            lambda: next_frame(client, "update"),
            lambda update: update["complete_until"] == "2026-05-04T03:02:01Z",
        )


async def test_counts_follow_the_database_when_nothing_is_published(live: str, pool: Pool) -> None:
    """A worker that ended between storing and publishing."""
    async with join(live) as client:
        assert (await next_frame(client, "snapshot"))["counts"]["total"] == 0
        await store(pool, [a_classified_post()])
        await eventually(lambda: next_frame(client, "update"), lambda update: update["counts"]["total"] == 1)
