"""WS /ws/sentiment: what clients are told, and who is let go."""

import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest
import websockets
from jsonschema import Draft202012Validator
from prometheus_client.parser import text_string_to_metric_families
from redis.asyncio import Redis

from sentistream_api.app import create_app
from sentistream_api.settings import ApiSettings
from sentistream_core.classified_post import GAP_FIELD
from sentistream_core.database.pool import Pool
from sentistream_core.sentiment import Label
from sentistream_local.pipeline import LocalPipeline
from support.live import closed_with, contents, join, next_frame, start_live_api, updates_until
from support.posts import a_classified_post, publish, store
from support.streams import PARTITION
from support.waiting import eventually

DOCUMENT = create_app(ApiSettings()).openapi()

Metric = Callable[[str], Awaitable[float]]


@pytest.fixture
def live(pipeline: LocalPipeline) -> str:
    return start_live_api(pipeline)


@pytest.fixture
async def metric(pipeline: LocalPipeline) -> AsyncIterator[Metric]:
    """Reads a metric of the API."""
    async with httpx.AsyncClient() as client:

        async def read(name: str) -> float:
            text = (await client.get(f"{pipeline.operations_urls['api']}/metrics")).text
            samples = [each for family in text_string_to_metric_families(text) for each in family.samples]
            return sum(sample.value for sample in samples if sample.name == name)

        yield read


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


async def test_counts_follow_the_database_when_nothing_is_published(live: str, pool: Pool) -> None:
    """A worker that ended between storing and publishing."""
    async with join(live) as client:
        assert (await next_frame(client, "snapshot"))["counts"]["total"] == 0
        await store(pool, [a_classified_post()])
        await eventually(lambda: next_frame(client, "update"), lambda update: update["counts"]["total"] == 1)


@pytest.mark.parametrize(("query", "missed"), [("", ["a", "b", "c"]), ("label=negative", ["b"])])
async def test_who_comes_back_gets_what_he_missed(live: str, redis: Redis, query: str, missed: list[str]) -> None:
    await publish(redis, [a_classified_post("before")])
    async with join(live) as client:
        await next_frame(client, "snapshot")
        await publish(redis, [a_classified_post("seen")])
        seen = await eventually(lambda: next_frame(client, "update"), lambda update: "seen" in contents([update]))
    cursor = seen["cursor"]
    labels = {"b": Label.NEGATIVE}
    await publish(redis, [a_classified_post(content, label=labels.get(content, Label.NEUTRAL)) for content in "abc"])
    async with join(live, f"{query}&since={cursor}") as client:
        snapshot = await next_frame(client, "snapshot")
    assert snapshot["gap_filled"]
    assert contents([snapshot]) == missed


@pytest.mark.parametrize("reason", ["too many", "trimmed"])
async def test_a_gap_that_cannot_be_filled_is_said_so(live: str, redis: Redis, pool: Pool, reason: str) -> None:
    await store(pool, [a_classified_post("the newest")])
    await publish(redis, [a_classified_post("seen")])
    async with join(live) as client:
        cursor = (await next_frame(client, "snapshot"))["cursor"]
    await publish(redis, [a_classified_post()] * (501 if reason == "too many" else 3))
    if reason == "trimmed":
        await redis.xtrim(PARTITION.processed, maxlen=1, approximate=False)
    async with join(live, f"since={cursor}") as client:
        snapshot = await next_frame(client, "snapshot")
    assert not snapshot["gap_filled"]
    assert contents([snapshot]) == ["the newest"]


async def test_what_a_client_says_is_ignored_and_a_ping_answered(live: str, redis: Redis) -> None:
    async with join(live) as client:
        await next_frame(client, "snapshot")
        for said in ("text", b"bytes", ["in ", "two parts"], "x" * 1_024):
            await client.send(said)
        await (await client.ping())
        await publish(redis, [a_classified_post("after that")])
        assert contents(await updates_until(client, 1)) == ["after that"]


@pytest.mark.parametrize("said", ["x" * 1_025, ["x" * 600, "x" * 600]], ids=["a frame", "a message of two frames"])
async def test_a_client_that_says_more_than_a_kibibyte_at_once_is_closed(live: str, said: str | list[str]) -> None:
    async with join(live) as client:
        await next_frame(client, "snapshot")
        await client.send(said)
        code, _ = await closed_with(client)
    assert code == 1009


@pytest.mark.parametrize("origin", [None, "same", "https://listed.example"])
async def test_programs_own_pages_and_listed_origins_may_connect(pipeline: LocalPipeline, origin: str | None) -> None:
    live = start_live_api(pipeline, CORS_ORIGINS="https://listed.example")
    own = live.replace("ws:", "http:").removesuffix("/ws/sentiment")
    async with join(live, origin=own if origin == "same" else origin) as client:
        assert (await next_frame(client))["type"] == "hello"


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "https://127.0.0.1"])
async def test_pages_of_other_origins_are_closed_with_4003(live: str, origin: str) -> None:
    async with join(live, origin=origin) as client:
        code, reason = await closed_with(client)
    assert code == 4003
    assert origin in reason


async def test_the_origin_check_can_be_switched_off(pipeline: LocalPipeline) -> None:
    live = start_live_api(pipeline, LIVE_CHECK_ORIGIN="false")
    async with join(live, origin="https://elsewhere.example") as client:
        assert (await next_frame(client))["type"] == "hello"


async def test_the_cap_refuses_one_more_and_lets_the_next_in_after_one_left(pipeline: LocalPipeline) -> None:
    live = start_live_api(pipeline, LIVE_MAX_CLIENTS="1")
    async with join(live) as first:
        await next_frame(first, "snapshot")
        async with join(live) as second:
            assert await closed_with(second) == (1013, "too many clients")

    async def kind_of_second_frame() -> str:
        async with join(live) as third:
            try:
                return str((await next_frame(third))["type"])
            except websockets.ConnectionClosed:
                return "closed"

    await eventually(kind_of_second_frame, lambda kind: kind == "hello")


def deaf_socket(live: str) -> socket.socket:
    """Its system takes in little of what it does not read."""
    host, _, port = live.removeprefix("ws://").partition("/")[0].partition(":")
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8_192)
    raw.connect((host, int(port)))
    return raw


async def test_a_client_that_answers_no_ping_is_let_go(pipeline: LocalPipeline, metric: Metric) -> None:
    live = start_live_api(pipeline, LIVE_PING_SECONDS="0.5")
    async with join(live) as answering, join(live, sock=deaf_socket(live)) as silent:
        await next_frame(silent, "snapshot")
        silent.transport.pause_reading()
        await eventually(lambda: metric("sentistream_websocket_clients"), lambda clients: clients == 1)
        await next_frame(answering, "heartbeat")
        silent.transport.abort()


async def test_a_stalled_client_is_evicted_and_the_others_miss_nothing(
    pipeline: LocalPipeline, redis: Redis, metric: Metric
) -> None:
    live = start_live_api(pipeline)
    async with join(live, "posts=all") as good, join(live, "posts=all", sock=deaf_socket(live)) as stalled:
        for client in (good, stalled):
            await next_frame(client, "snapshot")
        stalled.transport.pause_reading()
        sent: list[str] = []
        seen: list[str] = []
        while not await metric("sentistream_websocket_evictions_total"):
            batch = [f"{len(sent) + number} {'x' * 9_000}" for number in range(100)]
            await publish(redis, [a_classified_post(content) for content in batch])
            seen += contents(await updates_until(good, len(batch)))
            sent += batch
        assert seen == sent
        assert await metric("sentistream_websocket_clients") == 1
        stalled.transport.resume_reading()
        code, _ = await closed_with(stalled)
        assert code == 4008


async def test_an_evicted_client_that_never_reads_again_is_disconnected(pipeline: LocalPipeline, redis: Redis) -> None:
    """It would hold its frames in the server's memory for ever."""
    live = start_live_api(pipeline)
    async with join(live, "posts=all") as good, join(live, "posts=all", sock=deaf_socket(live)) as stalled:
        for client in (good, stalled):
            await next_frame(client, "snapshot")
        stalled.transport.pause_reading()
        raw = stalled.transport.get_extra_info("socket")

        async def is_reset() -> bool:
            await publish(redis, [a_classified_post("x" * 9_000)] * 100)
            await updates_until(good, 100)
            return bool(raw.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))

        await eventually(is_reset, bool, seconds=60)
        stalled.transport.abort()
