"""Posts for tests, without a worker."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from redis.asyncio import Redis

from sentistream_core.broker.stream_fields import stream_fields
from sentistream_core.classified_post import ClassifiedPost, ProcessedPost, encode_processed
from sentistream_core.database.pool import Pool
from sentistream_core.database.posts import store_posts
from sentistream_core.database.sentiment_counts.resolutions import RESOLUTIONS
from sentistream_core.post import Post
from sentistream_core.sentiment import Label, Sentiment
from support.streams import PARTITION


def a_sentiment(label: Label, score: float = 0.8) -> Sentiment:
    """That label with that probability; the rest is shared by the two others."""
    rest = (1 - score) / 2
    return Sentiment(**{each.value: score if each is label else rest for each in Label})


def an_id(time: datetime) -> UUID:
    """One that is ordered by that time (UUIDv7)."""
    milliseconds = int(time.timestamp() * 1000)
    return UUID(int=milliseconds << 80 | uuid4().int & ~(0xF << 76) & (1 << 80) - 1 | 7 << 76)


def a_classified_post(
    content: str = "a post",
    *,
    label: Label = Label.NEUTRAL,
    score: float = 0.8,
    source: str = "test",
    lang: str | None = "en",
    post_id: UUID | None = None,
    written_at: datetime | None = None,
) -> ClassifiedPost:
    """Written now, if no time is given."""
    now = datetime.now(UTC)
    return ClassifiedPost(
        post=Post(
            id=post_id or uuid4(),
            content=content,
            source=source,
            created_at=written_at or now,
            author="ada",
            lang=lang,
            url="https://social.example/1",
        ),
        stream_id="1777863721012-0",
        sentiment=a_sentiment(label, score),
        model="words-1",
        read_at=now,
        classified_at=now,
    )


async def store(pool: Pool, posts: Sequence[ClassifiedPost]) -> list[str]:
    """Store the posts one after the other, so that each has a later timestamp; their ids."""
    for post in posts:
        await store_posts(pool, [post])
    return [str(post.post.id) for post in posts]


async def move_in_time(pool: Pool, *, days: float = 0, seconds: float = 0) -> None:
    """Make everything stored so far older, as if it had been written and stored then."""
    async with pool.connection() as connection, connection.transaction():
        ago = timedelta(days=days, seconds=seconds)
        await connection.execute(
            "UPDATE posts SET timestamp = timestamp - %(ago)s, event_time = event_time - %(ago)s", {"ago": ago}
        )
        await connection.execute("DELETE FROM sentiment_counts")
        await connection.execute(
            """
            INSERT INTO sentiment_counts
            SELECT
                resolution, date_bin(resolution, event_time, TIMESTAMPTZ 'epoch'), sentiment_label, 0,
                count(*), sum(sentiment_score)
            FROM posts CROSS JOIN unnest(%s::interval[]) AS resolution
            GROUP BY 1, 2, 3
            """,
            [list(RESOLUTIONS)],
        )


async def differing_buckets(pool: Pool) -> int:
    """How many buckets count other posts than those that are stored."""
    async with pool.connection() as connection:
        cursor = await connection.execute(
            """
            SELECT count(*) FROM (
                SELECT resolution, bucket, label, sum(posts) AS posts FROM sentiment_counts GROUP BY 1, 2, 3
            ) AS counted
            FULL JOIN (
                SELECT
                    resolution, date_bin(resolution, event_time, TIMESTAMPTZ 'epoch') AS bucket,
                    sentiment_label AS label, count(*) AS posts
                FROM posts CROSS JOIN (SELECT DISTINCT resolution FROM sentiment_counts) AS resolutions GROUP BY 1, 2, 3
            ) AS stored USING (resolution, bucket, label)
            WHERE coalesce(counted.posts, 0) <> coalesce(stored.posts, 0)
            """
        )
        row = await cursor.fetchone()
    assert row is not None
    return int(row[0])


async def publish(redis: Redis, posts: Sequence[ClassifiedPost]) -> None:
    """Write the posts to the processed stream, as a worker does once they are stored."""
    async with redis.pipeline() as writes:
        for post in posts:
            writes.xadd(PARTITION.processed, stream_fields(encode_processed(ProcessedPost(post, datetime.now(UTC)))))
        await writes.execute()
