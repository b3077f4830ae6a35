"""A worker process between a real broker and a real database."""

import json
from typing import Any

import httpx
from redis.asyncio import Redis

from sentistream_core.broker.workers import WORKERS_KEY
from sentistream_core.classified_post import decode_processed
from sentistream_core.database.pool import Pool
from sentistream_core.database.posts import recent_posts
from sentistream_core.sentiment import Label
from sentistream_local.pipeline import LocalPipeline
from sentistream_local.ports import free_port
from support.oracle import drained, observe
from support.processes import start_worker
from support.streams import PARTITION, a_post, entries, send
from support.waiting import eventually


async def test_posts_written_before_the_first_worker_started_are_processed(
    pipeline: LocalPipeline, redis: Redis, pool: Pool
) -> None:
    sent = await send(redis, [a_post("I love this"), a_post("I hate this"), a_post("a train")])
    start_worker(pipeline)
    await drained(redis)
    outcome = await observe(pool, redis)
    assert outcome.stored == sent
    assert set(outcome.counted.values()) == {3}
    assert outcome.dead == []
    labels = {each.classified.post.content: each.classified.sentiment.label for each in await recent_posts(pool, 10)}
    assert labels == {"I love this": Label.POSITIVE, "I hate this": Label.NEGATIVE, "a train": Label.NEUTRAL}


async def test_stored_posts_are_published(pipeline: LocalPipeline, redis: Redis, pool: Pool) -> None:
    post = a_post("I love this")
    await send(redis, [post])
    start_worker(pipeline)
    await drained(redis)
    [(entry_id, fields)] = await entries(redis, PARTITION.processed)
    published = decode_processed(entry_id, fields)
    assert published.classified.post == post
    [stored] = await recent_posts(pool, 10)
    assert published.timestamp == stored.timestamp


async def test_sigterm_in_mid_stream_and_a_new_start_lose_and_double_nothing(
    pipeline: LocalPipeline, redis: Redis, pool: Pool
) -> None:
    sent = await send(redis, [a_post(f"post {number}") for number in range(5_000)])
    worker = start_worker(pipeline, WORKER_BATCH_SIZE="50")
    await eventually(lambda: observe(pool, redis), lambda outcome: len(outcome.stored) > 0)
    assert worker.stop() == 0
    interrupted = await observe(pool, redis)
    assert 0 < len(interrupted.stored) < len(sent), "the worker was to be stopped in the middle"
    start_worker(pipeline)
    await drained(redis)
    outcome = await observe(pool, redis)
    assert outcome.stored == sent
    assert set(outcome.counted.values()) == {len(sent)}
    assert await redis.xlen(PARTITION.processed) == len(sent)


async def test_metrics_tell_labels_scores_and_model_and_begin_at_zero(
    pipeline: LocalPipeline, redis: Redis, pool: Pool
) -> None:
    port = free_port()
    start_worker(pipeline, METRICS_PORT=str(port))
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as worker:

        async def metrics() -> str:
            return (await worker.get("/metrics")).text

        assert 'sentistream_dead_letters_total{reason="invalid_utf8"} 0.0' in await metrics()
        assert 'sentistream_model_info{model="words-1"} 1.0' in await metrics()
        await send(redis, [a_post("I hate this")])
        await eventually(metrics, lambda text: 'sentistream_posts_processed_total{label="negative"} 1.0' in text)
        assert 'sentistream_sentiment_score_sum{label="negative"} 0.9' in await metrics()
        assert 'sentistream_sentiment_score_count{label="positive"} 0.0' in await metrics()
    assert len((await observe(pool, redis)).stored) == 1


async def test_a_worker_announces_what_it_can_do_and_does_until_it_leaves(
    pipeline: LocalPipeline, redis: Redis
) -> None:
    async def announced() -> dict[str, float]:
        status: Any = await redis.hget(WORKERS_KEY, "worker-1")
        return dict(json.loads(status)) if status else {}

    worker = start_worker(pipeline)
    assert (await eventually(announced, bool))["rate"] == 0.0
    await send(redis, [a_post(f"post {number}") for number in range(100)])
    busy = await eventually(announced, lambda status: status["rate"] > 0)
    assert busy["capacity"] > 0
    await eventually(announced, lambda status: status["rate"] == 0.0)
    worker.stop()
    assert await announced() == {}
