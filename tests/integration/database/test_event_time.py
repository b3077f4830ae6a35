"""A post counts when it was written, if that can be true, and its row and its buckets agree whenever it comes."""

from datetime import UTC, datetime, timedelta

import pytest

from sentistream_core.database import aggregates
from sentistream_core.database.pool import Pool
from sentistream_core.database.posts import store_posts
from sentistream_core.database.sentiment_counts.aggregate import SentimentCounts
from sentistream_core.settings import RetentionSettings
from support.posts import a_classified_post, differing_buckets

NOW = datetime.now(UTC)


async def number(pool: Pool, query: str) -> int:
    async with pool.connection() as connection:
        row = await (await connection.execute(query.encode())).fetchone()
    assert row is not None
    return int(row[0])


@pytest.mark.parametrize(
    ("written", "is_credible"),
    [
        (timedelta(seconds=-1), True),
        (timedelta(days=-31), True),
        (timedelta(days=-49), True),
        (timedelta(days=-51), False),
        (timedelta(minutes=4), True),
        (timedelta(minutes=10), False),
        (timedelta(days=365_000), False),
    ],
)
async def test_a_post_counts_when_it_was_written_or_when_it_came(
    pool: Pool, written: timedelta, *, is_credible: bool
) -> None:
    written_at = datetime.now(UTC) + written
    async with pool.connection() as connection:
        await connection.execute("INSERT INTO expired_posts VALUES ('neutral', 0, now() - INTERVAL '50 days')")
        await store_posts(pool, [a_classified_post(written_at=written_at)])
        cursor = await connection.execute("""SELECT event_time, "timestamp" FROM posts""")
        row = await cursor.fetchone()
    assert row is not None
    assert row[0] == (written_at if is_credible else row[1])
    assert await differing_buckets(pool) == 0


@pytest.mark.parametrize(("year", "is_credible"), [(1, False), (1970, False), (2006, True)])
async def test_while_nothing_was_deleted_only_zeros_of_clocks_are_too_old(
    pool: Pool, year: int, *, is_credible: bool
) -> None:
    written_at = datetime(year, 1, 1, tzinfo=UTC)
    await store_posts(pool, [a_classified_post(written_at=written_at)])
    assert await number(pool, "SELECT extract(year FROM min(bucket)) FROM sentiment_counts") == (
        year if is_credible else datetime.now(UTC).year
    )


async def test_posts_that_come_after_their_buckets_have_expired_are_counted_exactly(pool: Pool) -> None:
    counts, retention = SentimentCounts(), RetentionSettings()
    for weeks in (1, 8, 8):
        late = NOW - timedelta(weeks=weeks)
        await store_posts(pool, [a_classified_post(written_at=late + timedelta(seconds=each)) for each in range(20)])
        assert await aggregates.differences(pool) == []
        while await counts.expire(pool, retention, limit=3):
            assert await aggregates.differences(pool) == []
    assert await number(pool, "SELECT sum(posts) FROM sentiment_counts WHERE resolution = '1 minute'") == 20
    assert await number(pool, "SELECT sum(posts) FROM sentiment_counts WHERE resolution = '1 hour'") == 60


async def test_expiry_waits_for_no_worker_that_counts_a_late_post(pool: Pool) -> None:
    """Nor takes its counts: each would wait for the other's rows."""
    await store_posts(pool, [a_classified_post(written_at=NOW - timedelta(days=7))])
    async with pool.connection() as connection, connection.transaction():
        await connection.execute("UPDATE sentiment_counts SET posts = posts")
        assert await SentimentCounts().expire(pool, RetentionSettings(), limit=10) == 0
    assert await SentimentCounts().expire(pool, RetentionSettings(), limit=10) == 1
    assert await aggregates.differences(pool) == []
