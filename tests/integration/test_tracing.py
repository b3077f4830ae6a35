"""Traces of posts, as a collector gets them from the running services."""

import asyncio
import json
import secrets
from collections.abc import Iterator
from typing import Any
from urllib.request import Request, urlopen

import pytest
from redis.asyncio import Redis

from sentistream_local.pipeline import LocalPipeline
from support.collector import Collector, collector
from support.live import join, next_frame, start_live_api
from support.processes import start_worker
from support.streams import PARTITION
from support.waiting import eventually

WAY = ["ingest", "queue", "classify", "store", "publish", "broadcast"]


@pytest.fixture
def traces() -> Iterator[Collector]:
    with collector() as running:
        yield running


async def whole_way(traces: Collector, trace_id: str) -> list[str]:
    async def get() -> list[str]:
        return sorted(traces.trace(trace_id))

    return await eventually(get, lambda names: names == sorted(WAY))


async def test_the_way_of_a_post_from_its_sender_to_the_clients_is_one_trace(
    traces: Collector, pipeline: LocalPipeline
) -> None:
    settings = {"TRACING_ENDPOINT": traces.url}
    start_worker(pipeline, **settings)
    address = start_live_api(pipeline, **settings)
    trace_id, sender = secrets.token_hex(16), secrets.token_hex(8)
    async with join(address) as client:
        await next_frame(client, "snapshot")
        request = Request(  # noqa: S310 (http to this machine)
            f"{address.replace('ws://', 'http://').removesuffix('/ws/sentiment')}/api/posts",
            data=json.dumps({"content": "I love the new tram"}).encode(),
            headers={"Content-Type": "application/json", "traceparent": f"00-{trace_id}-{sender}-01"},
        )
        await asyncio.to_thread(lambda: urlopen(request, timeout=10).close())  # noqa: S310 (http to this machine)
        await whole_way(traces, trace_id)
    spans = traces.trace(trace_id)
    ingest = spans["ingest"]
    assert ingest.parent_id == sender
    assert {spans[name].parent_id for name in WAY[1:]} == {ingest.span_id}
    assert [spans[name].service for name in WAY] == ["api", "worker", "worker", "worker", "worker", "api"]
    assert spans["classify"].attributes["sentistream.sentiment.label"] == "positive"
    assert all(span.start <= span.end for span in spans.values())
    assert [spans[name].end for name in WAY[1:5]] == sorted(spans[name].end for name in WAY[1:5])


async def test_the_ingester_begins_traces_of_its_own(traces: Collector, pipeline: LocalPipeline, redis: Redis) -> None:
    settings = {"TRACING_ENDPOINT": traces.url, "TRACING_RATIO": "1", "INGESTER_RATE": "50", "INGESTER_TOTAL": "5"}
    pipeline.start("sentistream_ingester", "ingester", arguments=["simulate"], settings=settings)

    async def ingested() -> set[str]:
        return {span.trace_id for span in traces.spans if span.name == "ingest"}

    trace_ids = await eventually(ingested, lambda found: len(found) == 5)
    entries: Any = await redis.xrange(PARTITION.posts)
    sent = [fields[b"traceparent"].decode() for _, fields in entries]
    assert {traceparent.split("-")[1] for traceparent in sent} == trace_ids


async def test_a_post_whose_sender_does_not_want_a_trace_has_none(
    traces: Collector, pipeline: LocalPipeline, redis: Redis
) -> None:
    settings = {"TRACING_ENDPOINT": traces.url, "TRACING_RATIO": "1"}
    start_worker(pipeline, **settings)
    unwanted, malformed, wanted = secrets.token_hex(16), "no trace context-01", secrets.token_hex(16)
    for traceparent in (
        f"00-{unwanted}-{secrets.token_hex(8)}-00",
        malformed,
        f"00-{wanted}-{secrets.token_hex(8)}-01",
    ):
        await redis.xadd(PARTITION.posts, {"content": "a table", "traceparent": traceparent})

    async def published() -> int:
        return int(await redis.xlen(PARTITION.processed))

    async def traced() -> set[str]:
        return {span.trace_id for span in traces.spans}

    assert await eventually(published, lambda count: count == 3)
    assert await eventually(traced, bool) == {wanted}


async def test_a_collector_that_is_away_costs_no_post(pipeline: LocalPipeline, redis: Redis) -> None:
    settings = {"TRACING_ENDPOINT": "http://127.0.0.1:9", "TRACING_RATIO": "1"}
    worker = start_worker(pipeline, **settings)
    await redis.xadd(PARTITION.posts, {"content": "a table", "traceparent": f"00-{'1' * 32}-{'2' * 16}-01"})

    async def published() -> int:
        return int(await redis.xlen(PARTITION.processed))

    assert await eventually(published, lambda count: count == 1) == 1
    await asyncio.to_thread(worker.stop)
    assert worker.process.returncode == 0
