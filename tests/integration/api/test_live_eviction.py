"""WS /ws/sentiment: a client that says too much, reads nothing or answers nothing is let go."""

import socket
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from redis.asyncio import Redis

from sentistream_local.pipeline import LocalPipeline
from support.live import closed_with, contents, join, next_frame, start_live_api, updates_until
from support.posts import a_classified_post, publish
from support.waiting import eventually

Metric = Callable[[str], Awaitable[float]]


@pytest.fixture
async def metric(pipeline: LocalPipeline) -> AsyncIterator[Metric]:
    """Reads a metric of the API."""
    async with httpx.AsyncClient() as client:

        async def read(name: str) -> float:
            text = (await client.get(f"{pipeline.operations_urls['api']}/metrics")).text
            samples = [each for family in text_string_to_metric_families(text) for each in family.samples]
            return sum(sample.value for sample in samples if sample.name == name)

        yield read


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
