"""Searches over partitions find exactly what one table would hold, in its order, a page at a time."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from typing import LiteralString
from uuid import UUID, uuid4

import pytest
from psycopg import AsyncConnection
from psycopg.errors import QueryCanceled
from psycopg.rows import TupleRow
from psycopg.sql import SQL

from sentistream_core.classified_post import ProcessedPost
from sentistream_core.database import post_search
from sentistream_core.database.partitions import Partition, list_partitions
from sentistream_core.database.pool import Pool
from sentistream_core.database.post_search import search_posts
from sentistream_core.database.posts import ALL_POSTS, PagePosition, PostFilter, recent_posts, store_posts
from sentistream_core.sentiment import Label
from support.posts import a_classified_post, an_id

NOW = datetime.now(UTC)
SINCE, UNTIL = NOW - timedelta(hours=30), NOW - timedelta(hours=3)
RARE = PostFilter(text="rare")


@pytest.fixture
async def posts(pool: Pool) -> None:
    """In many partitions, their times in no order of the ids, several at the same time."""
    random = Random(1)
    times = [NOW + timedelta(days=random.uniform(-2, 40)) for _ in range(200)]
    ids = [*map(an_id, times), *(uuid4() for _ in range(100))]
    await store_posts(
        pool,
        [
            a_classified_post(
                "a rare one" if number % 3 else "another",
                post_id=each,
                label=random.choice(list(Label)),
                score=random.choice([0.5, 0.9]),
            )
            for number, each in enumerate(ids)
        ],
    )
    async with pool.connection() as connection:
        await connection.execute(
            """
            UPDATE posts SET
                timestamp = timestamp - (abs(hashtext(id::text)) % 50) * INTERVAL '1 hour',
                event_time = event_time - (abs(hashtext('event' || id::text)) % 50) * INTERVAL '1 hour'
            """
        )
        await connection.execute("ANALYZE posts")


async def expected(pool: Pool, condition: LiteralString) -> list[UUID]:
    async with pool.connection() as connection:
        order = SQL("ORDER BY timestamp DESC, id DESC")
        rows = await connection.execute(SQL("SELECT id FROM posts WHERE {} {}").format(SQL(condition), order))
        return [post_id for (post_id,) in await rows.fetchall()]


async def pages(pool: Pool, where: PostFilter, limit: int) -> list[UUID]:
    found: list[UUID] = []
    before = None
    while True:
        page = (await search_posts(pool, limit, where=where, before=before, seconds=60)).posts
        found += [each.classified.post.id for each in page]
        if len(page) < limit:
            return found
        before = PagePosition(page[-1].timestamp, page[-1].classified.post.id)


@pytest.mark.usefixtures("posts")
@pytest.mark.parametrize("limit", [1, 7, 1_000])
@pytest.mark.parametrize(
    ("where", "condition"),
    [
        (ALL_POSTS, "true"),
        (RARE, "content ~ 'rare'"),
        (PostFilter(text="nowhere"), "false"),
        (
            PostFilter(text="rare", label=Label.NEGATIVE, min_score=0.7, source="test"),
            "content ~ 'rare' AND sentiment_label = 'negative' AND sentiment_score >= 0.7",
        ),
        (
            PostFilter(text="rare", since=SINCE, until=UNTIL),
            f"content ~ 'rare' AND event_time >= '{SINCE}' AND event_time < '{UNTIL}'",
        ),
    ],
    ids=["all", "word", "nothing", "filters", "time"],
)
async def test_pages_hold_what_matches_in_order(
    pool: Pool, where: PostFilter, condition: LiteralString, limit: int
) -> None:
    assert await pages(pool, where, limit) == await expected(pool, condition)


@pytest.mark.usefixtures("posts")
async def test_recent_posts_are_the_same_over_all_partitions(pool: Pool) -> None:
    found = await recent_posts(pool, 1_000)
    assert [each.classified.post.id for each in found] == await expected(pool, "true")
    negative = await recent_posts(pool, 1_000, where=PostFilter(label=Label.NEGATIVE))
    assert [each.classified.post.id for each in negative] == await expected(pool, "sentiment_label = 'negative'")


SearchOne = Callable[..., Awaitable[list[ProcessedPost]]]
search_one: SearchOne = post_search.search_partition


@pytest.mark.usefixtures("posts")
async def test_a_search_that_is_ended_goes_on_where_it_was(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each time in the third partition: no post is left out, and none comes twice."""
    numbers = count(1)

    async def end_at_the_third(connection: AsyncConnection[TupleRow], *arguments: object) -> list[ProcessedPost]:
        if next(numbers) % 3 == 0:
            await connection.execute("SET LOCAL statement_timeout = 1")
            await connection.execute("SELECT pg_sleep(1)")
        return await search_one(connection, *arguments)

    monkeypatch.setattr(post_search, "search_partition", end_at_the_third)
    found: list[UUID] = []
    ends = 0
    before: PagePosition | None = None
    while True:
        result = await search_posts(pool, 1_000, where=RARE, before=before, seconds=60)
        found += [each.classified.post.id for each in result.posts]
        if result.resume is None:
            break
        assert before is None or result.resume < before
        before = result.resume
        ends += 1
        numbers = count(1)
    assert found == await expected(pool, "content ~ 'rare'")
    assert ends > 3


@pytest.mark.usefixtures("posts")
async def test_a_search_with_no_time_for_one_partition_is_an_error(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    async def sleep(connection: AsyncConnection[TupleRow], *_: object) -> list[ProcessedPost]:
        await connection.execute("SELECT pg_sleep(60)")
        return []

    monkeypatch.setattr(post_search, "search_partition", sleep)
    with pytest.raises(QueryCanceled):
        await search_posts(pool, 10, where=RARE, seconds=0.2)


@pytest.mark.usefixtures("posts")
async def test_a_page_that_is_full_looks_into_no_older_partition(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    async with pool.connection() as connection:
        await connection.execute("UPDATE posts SET timestamp = timestamp - INTERVAL '9 days'")
    ids = [an_id(NOW) for _ in range(20)]
    await store_posts(pool, [a_classified_post("a rare one", post_id=each) for each in ids])
    asked: list[Partition] = []

    async def note(connection: AsyncConnection[TupleRow], partition: Partition, *others: object) -> list[ProcessedPost]:
        asked.append(partition)
        return await search_one(connection, partition, *others)

    monkeypatch.setattr(post_search, "search_partition", note)
    assert len((await search_posts(pool, 10, where=RARE, seconds=60)).posts) == 10
    assert asked == [each for each in await partitions_of(pool) if ids[0] in each]


async def partitions_of(pool: Pool) -> list[Partition]:
    async with pool.connection() as connection:
        return await list_partitions(connection)
