"""A worker process between a real broker and a real database."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from redis.asyncio import Redis

from sentistream_core.broker.streams import DEAD_LETTER_STREAM, POSTS_STREAM, PROCESSED_STREAM
from sentistream_core.classified_post import decode_processed
from sentistream_core.database.pool import Pool
from sentistream_core.database.posts import recent_posts
from sentistream_core.post import Post, encode_post
from sentistream_core.sentiment import Label
from sentistream_local.pipeline import Pipeline
from support.oracle import is_drained, observe
from support.waiting import eventually


def a_post(content: str) -> Post:
    return Post(id=uuid4(), content=content, source="test", created_at=datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC))


async def send(redis: Redis, posts: list[Post]) -> set[UUID]:
    async with redis.pipeline(transaction=False) as writes:
        for post in posts:
            writes.xadd(POSTS_STREAM, encode_post(post))  # type: ignore[arg-type]
        await writes.execute()
    return {post.id for post in posts}


async def drained(redis: Redis) -> None:
    await eventually(lambda: is_drained(redis), bool)


def start_worker(pipeline: Pipeline, name: str = "worker-1", **settings: str) -> None:
    program = pipeline.start("support.worker", name, settings={"METRICS_HOST": "127.0.0.1", **settings})
    program.wait_until(lambda: "worker started" in program.log.read_text())


async def test_posts_written_before_the_first_worker_started_are_processed(
    pipeline: Pipeline, redis: Redis, pool: Pool
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


async def test_stored_posts_are_published(pipeline: Pipeline, redis: Redis, pool: Pool) -> None:
    post = a_post("I love this")
    await send(redis, [post])
    start_worker(pipeline)
    await drained(redis)
    [(entry_id, fields)] = await redis.xrange(PROCESSED_STREAM)
    published = decode_processed(entry_id.decode(), fields)
    assert published.classified.post == post
    [stored] = await recent_posts(pool, 10)
    assert published.timestamp == stored.timestamp


async def test_bad_entries_become_dead_letters_and_their_mates_go_on(
    pipeline: Pipeline, redis: Redis, pool: Pool
) -> None:
    good = await send(redis, [a_post("before")])
    for fields in (
        {"content": b"\xff\xfe"},
        {"content": "  "},
        {"content": "nul \0 inside"},
        {"content": "text", "id": "no-uuid"},
        {"content": "text", "created_at": "yesterday"},
        {"content": "x" * 1_000_000},
        {"content": "please raise"},
        {"unrelated": "field"},
    ):
        await redis.xadd(POSTS_STREAM, fields)  # type: ignore[arg-type]
    good |= await send(redis, [a_post("after")])
    start_worker(pipeline)
    await drained(redis)
    outcome = await observe(pool, redis)
    assert outcome.stored == good
    reasons = [fields[b"reason"].decode() for _, fields in await redis.xrange(DEAD_LETTER_STREAM)]
    assert sorted(reasons) == [
        "classification_failed",
        "content_too_long",
        "invalid_created_at",
        "invalid_id",
        "invalid_utf8",
        "no_content",
        "no_content",
        "nul_character",
    ]


async def test_sigterm_in_mid_stream_and_a_new_start_lose_and_double_nothing(
    pipeline: Pipeline, redis: Redis, pool: Pool
) -> None:
    sent = await send(redis, [a_post(f"post {number}") for number in range(5_000)])
    start_worker(pipeline, WORKER_BATCH_SIZE="50")
    worker = pipeline.programs[-1]
    await eventually(lambda: observe(pool, redis), lambda outcome: len(outcome.stored) > 0)
    assert worker.stop() == 0
    interrupted = await observe(pool, redis)
    assert 0 < len(interrupted.stored) < len(sent), "the worker was to be stopped in the middle"
    start_worker(pipeline)
    await drained(redis)
    outcome = await observe(pool, redis)
    assert outcome.stored == sent
    assert set(outcome.counted.values()) == {len(sent)}
    assert await redis.xlen(PROCESSED_STREAM) == len(sent)
