"""The newest revision of a post wins by its own order, and its count moves with it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from random import Random

import pytest
from pydantic import AnyUrl

from sentistream_core.change import Deletion
from sentistream_core.classified_post import ClassifiedPost
from sentistream_core.database import aggregates
from sentistream_core.database.pool import Pool, create_pool
from sentistream_core.database.posts import find_post, store_posts
from sentistream_core.database.removals import delete_posts, record_removals
from sentistream_core.database.sentiment_counts.aggregate import SentimentCounts
from sentistream_core.database.sentiment_counts.read import totals
from sentistream_core.sentiment import Label
from sentistream_core.settings import RetentionSettings
from support.posts import a_classified_post, a_sentiment, differing_buckets

YESTERDAY = datetime.now(UTC) - timedelta(days=1)
CREATED = a_classified_post("I like it", label=Label.POSITIVE, written_at=YESTERDAY)


def edit(post: ClassifiedPost, revision: str, label: Label, content: str) -> ClassifiedPost:
    """As another entry, of another source and time: what an edit says of these does not matter."""
    changed = replace(
        post.post, content=content, revision=revision, source="elsewhere", author="bob", created_at=datetime.now(UTC)
    )
    return replace(post, post=changed, sentiment=a_sentiment(label, 0.9), stream_id=f"{revision}-0")


# By bytes the second one is the greater, by any alphabet the first one.
FIRST = edit(CREATED, "B", Label.NEUTRAL, "I am not sure")
SECOND = edit(CREATED, "a", Label.NEGATIVE, "I take it back")


async def counted(pool: Pool) -> dict[Label, int]:
    return {label: count.posts for label, count in (await totals(pool)).items() if count.posts}


async def holds(pool: Pool, newest: ClassifiedPost) -> None:
    """It is stored, and nothing else is counted."""
    stored = await find_post(pool, newest.post.id)
    assert stored is not None
    classified = stored.classified
    assert (classified.post.content, classified.post.revision) == (newest.post.content, newest.post.revision)
    assert (classified.stream_id, classified.sentiment.label) == (newest.stream_id, newest.sentiment.label)
    assert await counted(pool) == {newest.sentiment.label: 1}
    assert await differing_buckets(pool) == 0
    assert await aggregates.differences(pool) == []


@pytest.mark.parametrize("order", list(permutations([CREATED, FIRST, SECOND])))
@pytest.mark.parametrize("batches", [1, 3])
async def test_in_whatever_order_they_come(pool: Pool, order: Sequence[ClassifiedPost], batches: int) -> None:
    """And however often."""
    for _ in range(2):
        results = (
            [await store_posts(pool, order)] if batches == 1 else [await store_posts(pool, [each]) for each in order]
        )
        assert [conflict for result in results for conflict in result.conflicts] == []
        await holds(pool, SECOND)
    published = [post.classified.post.content for result in results for post in result.posts]
    assert published == [SECOND.post.content], "the others are not news"


async def test_an_edit_is_counted_when_and_where_the_post_was_written(pool: Pool) -> None:
    await store_posts(pool, [CREATED])
    result = await store_posts(pool, [SECOND, a_classified_post()])
    assert (result.new, result.edited) == (1, 1)
    assert await differing_buckets(pool) == 0
    stored = await find_post(pool, CREATED.post.id)
    assert stored is not None
    post = stored.classified.post
    assert (post.source, post.author, post.created_at) == ("test", "ada", YESTERDAY)


async def test_an_edit_after_a_deletion_changes_nothing(pool: Pool) -> None:
    await store_posts(pool, [CREATED])
    await record_removals(pool, [Deletion(CREATED.post.id)], [])
    assert (await store_posts(pool, [SECOND])).edited == 0, "the row is still there"
    await delete_posts(pool, [CREATED.post.id])
    result = await store_posts(pool, [FIRST, SECOND])
    assert (result.new, result.edited, result.gone) == (0, 0, 2)
    assert await find_post(pool, CREATED.post.id) is None
    assert await counted(pool) == {Label.POSITIVE: 1}, "what was posted"
    assert await aggregates.differences(pool) == []


async def test_an_edit_after_the_fine_buckets_have_expired_is_counted_exactly(pool: Pool) -> None:
    await store_posts(pool, [replace(CREATED, post=replace(CREATED.post, created_at=YESTERDAY - timedelta(days=40)))])
    for post in (CREATED, SECOND):
        await store_posts(pool, [post])
        assert await aggregates.differences(pool) == []
        await SentimentCounts().expire(pool, RetentionSettings(), limit=100)
        assert await aggregates.differences(pool) == []
    assert await counted(pool) == {Label.NEGATIVE: 1}


@pytest.fixture
async def workers(database_url: str) -> AsyncIterator[Pool]:
    async with create_pool(AnyUrl(database_url), name="workers", size=4, timeout_seconds=30) as pool:
        yield pool


async def test_workers_that_edit_the_same_posts_at_once_agree(pool: Pool, workers: Pool) -> None:
    random = Random(1)
    created = [a_classified_post(f"post {number}") for number in range(20)]
    changes = [
        *created,
        *(edit(each, f"{number}", random.choice(list(Label)), "x") for each in created for number in range(9)),
    ]
    random.shuffle(changes)
    await asyncio.gather(*(store_posts(workers, changes[first : first + 10]) for first in range(0, len(changes), 10)))
    async with pool.connection() as connection:
        rows = await connection.execute("SELECT DISTINCT revision FROM posts")
        assert await rows.fetchall() == [("8",)]
    assert sum((await counted(pool)).values()) == len(created)
    assert await differing_buckets(pool) == 0
    assert await aggregates.differences(pool) == []
