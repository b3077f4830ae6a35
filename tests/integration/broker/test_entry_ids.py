"""A writer may choose ids ahead of the clock, and the broker gives all later entries ids above them."""

import time
from datetime import UTC, datetime

import pytest
from redis.asyncio import Redis

from sentistream_core.database.pool import Pool
from sentistream_core.database.posts import recent_posts
from sentistream_local.pipeline import LocalPipeline
from sentistream_upkeep.duties.trimming import trim_processed
from support.oracle import drained, observe
from support.processes import start_worker
from support.streams import PARTITION, a_post, send
from support.waiting import eventually


@pytest.mark.parametrize(
    "ahead",
    [int(time.time() * 1000) + 86_400_000, int(time.time() * 1e6), 2**64 - 1],
    ids=["a day", "microseconds", "the last"],
)
async def test_posts_from_there_on_are_stored_and_trimmed(
    pipeline: LocalPipeline, redis: Redis, pool: Pool, ahead: int
) -> None:
    sent = await send(redis, (a_post(f"before {number}") for number in range(150)))
    await redis.xadd(PARTITION.posts, {"content": "ahead"}, id=f"{ahead}-0")
    sent |= await send(redis, (a_post(f"after {number}") for number in range(250)))
    start_worker(pipeline)
    await drained(redis)
    outcome = await observe(pool, redis)
    assert outcome.stored >= sent
    assert len(outcome.stored) == len(sent) + 1
    assert outcome.dead == []
    posts = await recent_posts(pool, 500)
    assert all(post.classified.post.created_at <= datetime.now(UTC) for post in posts)

    assert await trim_processed(redis, PARTITION.posts, keep_seconds=3_600) == 0, "young ones are kept"

    async def length_after_trimming() -> int:
        await trim_processed(redis, PARTITION.posts, keep_seconds=0)
        return int(await redis.xlen(PARTITION.posts))

    # Whole nodes of a hundred entries go.
    await eventually(length_after_trimming, lambda length: length <= 100)
