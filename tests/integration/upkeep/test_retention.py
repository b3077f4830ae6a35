"""What is older than its time goes by itself, and the books still balance."""

from datetime import UTC, datetime

from sentistream_core.classified_post import ClassifiedPost
from sentistream_core.database import aggregates
from sentistream_core.database.pool import Pool
from sentistream_core.database.posts import store_posts
from sentistream_core.sentiment import Sentiment
from sentistream_local.pipeline import LocalPipeline
from support.streams import a_post
from support.waiting import eventually


async def number(pool: Pool, query: str) -> int:
    async with pool.connection() as connection:
        row = await (await connection.execute(query.encode())).fetchone()
    assert row is not None
    return int(row[0])


async def test_old_posts_and_fine_counts_go_by_themselves(pipeline: LocalPipeline, pool: Pool) -> None:
    now = datetime.now(UTC)
    sentiment = Sentiment(positive=0.1, neutral=0.8, negative=0.1)
    await store_posts(
        pool,
        [
            ClassifiedPost(a_post(f"post {each}"), f"1-{each}", sentiment, "words-1", read_at=now, classified_at=now)
            for each in range(10)
        ],
    )
    async with pool.connection() as connection:
        await connection.execute("UPDATE posts SET timestamp = now() - INTERVAL '8 days' WHERE content < 'post 4'")
        await connection.execute(
            "UPDATE sentiment_counts SET bucket = bucket - INTERVAL '8 days' WHERE resolution = INTERVAL '5 seconds'"
        )
    pipeline.start_upkeep(settings={"RETENTION_POSTS_DAYS": "7"})
    await eventually(lambda: number(pool, "SELECT count(*) FROM posts"), lambda posts: posts == 6)
    await eventually(
        lambda: number(pool, "SELECT count(*) FROM sentiment_counts WHERE resolution = INTERVAL '5 seconds'"),
        lambda rows: rows == 0,
    )
    assert await number(pool, "SELECT sum(posts) FROM sentiment_counts WHERE resolution = INTERVAL '1 day'") == 10
    assert await aggregates.differences(pool) == []
