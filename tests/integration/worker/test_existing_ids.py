"""An id that is stored already: the first post stays, and nothing else is published under its id."""

from dataclasses import replace

import httpx
import pytest
from redis.asyncio import Redis

from sentistream_core.broker.consumer_group import WORKER_GROUP
from sentistream_core.classified_post import ProcessedPost, decode_processed
from sentistream_core.database.pool import Pool
from sentistream_core.database.posts import find_post, recent_posts
from sentistream_core.post import Post
from sentistream_local.pipeline import LocalPipeline
from support.live import contents, join, next_frame, start_live_api, updates_until
from support.oracle import drained
from support.processes import start_worker
from support.streams import PARTITION, a_post, entries, send

WRITTEN = a_post("I love this")
FORGED = replace(WRITTEN, content="I hate this", source="somewhere else")


async def published(redis: Redis) -> list[ProcessedPost]:
    return [decode_processed(*entry) for entry in await entries(redis, PARTITION.processed)]


async def counted(pipeline: LocalPipeline, name: str) -> float:
    async with httpx.AsyncClient() as client:
        text = (await client.get(f"{pipeline.operations_urls['worker-1']}/metrics")).text
    return float(next(line.split()[-1] for line in text.splitlines() if line.startswith(f"{name} ")))


@pytest.mark.parametrize("in_one_batch", [True, False])
async def test_another_content_for_a_stored_id_is_dropped_counted_and_logged(
    pipeline: LocalPipeline, redis: Redis, pool: Pool, *, in_one_batch: bool
) -> None:
    if in_one_batch:
        await send(redis, [WRITTEN, FORGED])
        worker = start_worker(pipeline)
    else:
        await send(redis, [WRITTEN])
        worker = start_worker(pipeline)
        await drained(redis)
        await send(redis, [FORGED])
    await drained(redis)
    stored = await find_post(pool, WRITTEN.id)
    assert stored
    assert stored.classified.post == WRITTEN
    assert [each.classified.post for each in await published(redis)] == [WRITTEN]
    assert await counted(pipeline, "sentistream_posts_conflicting_total") == 1
    [line] = [line for line in worker.log.read_text().splitlines() if str(WRITTEN.id) in line]
    assert "somewhere else" in line, "who sent it"
    assert FORGED.content not in line, "not what they wrote"


async def test_the_same_post_sent_again_is_no_conflict_and_no_news(pipeline: LocalPipeline, redis: Redis) -> None:
    start_worker(pipeline)
    for _ in range(2):
        await send(redis, [WRITTEN])
        await drained(redis)
    assert len(await published(redis)) == 1
    assert await counted(pipeline, "sentistream_posts_redelivered_total") == 1
    assert await counted(pipeline, "sentistream_posts_conflicting_total") == 0


async def test_a_redelivery_is_published_as_it_was_stored(pipeline: LocalPipeline, redis: Redis, pool: Pool) -> None:
    """Its worker may have ended before it published; another model may judge the text now."""
    mates = [a_post(f"post {number}") for number in range(5)]
    await send(redis, [WRITTEN, *mates])
    start_worker(pipeline)
    await drained(redis)
    await redis.delete(PARTITION.processed)
    async with pool.connection() as connection:
        await connection.execute(
            """
            UPDATE posts SET model = 'former-1', sentiment_label = 'neutral', sentiment_score = 0.75,
                score_positive = 0.25, score_neutral = 0.75, score_negative = 0
            """
        )
    await redis.xgroup_setid(PARTITION.posts, WORKER_GROUP, "0")
    await send(redis, [a_post("a new one in the same batch")])
    await drained(redis)
    stored = {each.classified.post.id: each for each in await recent_posts(pool, 10)}
    assert {each.classified.post.id: each for each in await published(redis)} == stored
    assert sum(each.classified.model == "former-1" for each in stored.values()) == 1 + len(mates)


async def test_a_redelivered_post_that_was_deleted_since_is_not_published(
    pipeline: LocalPipeline, redis: Redis, pool: Pool
) -> None:
    await send(redis, [WRITTEN, a_post("stays")])
    start_worker(pipeline)
    await drained(redis)
    async with pool.connection() as connection:
        # As if it were deleted after the statement that finds its id stored.
        await connection.execute("DELETE FROM posts WHERE id = %s", [WRITTEN.id])
        await connection.execute(
            "CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"
        )
        await connection.execute(
            "CREATE TRIGGER nothing BEFORE INSERT ON posts FOR EACH ROW WHEN (NEW.content = 'I love this') "
            "EXECUTE FUNCTION nothing()"
        )
    await redis.delete(PARTITION.processed)
    await redis.xgroup_setid(PARTITION.posts, WORKER_GROUP, "0")
    await send(redis, [a_post("after")])
    await drained(redis)
    assert {each.classified.post.content for each in await published(redis)} == {"stays", "after"}


async def test_the_live_view_shows_what_is_stored(pipeline: LocalPipeline) -> None:
    address = start_live_api(pipeline)
    start_worker(pipeline)
    api = address.replace("ws://", "http://").removesuffix("/ws/sentiment")
    async with join(address, "posts=all") as client, httpx.AsyncClient(base_url=api) as sender:

        async def post(each: Post) -> None:
            response = await sender.post("/api/posts", json={"id": str(each.id), "content": each.content})
            assert response.status_code == 202

        await next_frame(client, "snapshot")
        await post(WRITTEN)
        frames = await updates_until(client, 1)
        await post(FORGED)
        await post(a_post("the next one"))
        while "the next one" not in contents(frames):
            frames.append(await next_frame(client, "update"))
        stored = (await sender.get(f"/api/posts/{WRITTEN.id}")).json()
    assert contents(frames) == [WRITTEN.content, "the next one"]
    assert stored["content"] == WRITTEN.content
