"""The API's questions read the partitions that matter, by an index."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from bench.query_plans import explain
from sentistream_core.database.pool import Pool
from sentistream_core.database.post_search import search_posts
from sentistream_core.database.post_sources import stored_sources
from sentistream_core.database.posts import PostFilter, find_post, recent_posts, stored_entries
from sentistream_core.sentiment import Label
from support.posts import an_id

Ask = Callable[[Pool], Awaitable[object]]

ID = an_id(datetime.now(UTC))
FILL = """
INSERT INTO posts (id, content, sentiment_label, sentiment_score, score_positive, score_neutral, score_negative,
    source, posted_at, model, stream_id, read_at, classified_at, "timestamp", event_time)
SELECT CASE WHEN number %% 4 = 0 THEN gen_random_uuid() ELSE uuidv7(number %% 5 * INTERVAL '1 day') END,
    CASE WHEN number %% 1000 = 1 THEN 'rare' ELSE 'post ' || number END,
    (ARRAY['positive', 'neutral', 'negative'])[number %% 3 + 1], 0.5, 0, 0, 0,
    'source ' || number %% 2, now(), 'words-1', number || '-0', now(), now(),
    now() - number * INTERVAL '1 minute', now() - (number + number %% 100) * INTERVAL '1 minute'
FROM generate_series(1, %s::int) AS number
"""


@pytest.fixture
async def filled(pool: Pool, database_url: str) -> str:
    """Posts of five days, and of ids in no order; the URL."""
    async with pool.connection() as connection:
        await connection.execute("SET statement_timeout = 0")
        await connection.execute(FILL, [20_000])
        await connection.execute("VACUUM ANALYZE posts")
        await connection.execute("RESET statement_timeout")
    return database_url


async def partitions_read(url: str, ask: Ask) -> list[set[str]]:
    """For each statement that reads posts, the partitions; none of more than a few pages from end to end."""
    plans = await explain(url, ask)
    assert sum(plan.posts_without_index for plan in plans) < 200, plans
    tables = [{scan.rpartition(" on ")[2] for scan in plan.scans if " on posts_" in scan} for plan in plans]
    return [each for each in tables if each]


@pytest.mark.parametrize("where", [PostFilter(), PostFilter(label=Label.NEGATIVE), PostFilter(source="source 1")])
async def test_newest_posts_are_read_from_an_index_of_each_partition(filled: str, where: PostFilter) -> None:
    assert len(await partitions_read(filled, lambda pool: recent_posts(pool, 11, where=where))) == 1


async def test_one_post_is_looked_for_in_its_partition(filled: str) -> None:
    today = {f"posts_{datetime.now(UTC):%Y%m%d}"}
    assert await partitions_read(filled, lambda pool: find_post(pool, ID)) == [today]
    assert await partitions_read(filled, lambda pool: stored_entries(pool, [ID, UUID(int=ID.int + 1)])) == [today]


async def test_sources_are_read_from_the_index(filled: str) -> None:
    await partitions_read(filled, lambda pool: stored_sources(pool, 10))


async def test_a_search_asks_one_partition_after_the_other(filled: str) -> None:
    rare = PostFilter(text="rare")
    [newest, *searches] = await partitions_read(filled, lambda pool: search_posts(pool, 11, where=rare, seconds=60))
    assert len(newest) > len(searches) >= 6
    assert {len(each) for each in searches} == {1}


async def test_posts_of_a_time_are_read_by_the_time_at_which_they_count(filled: str) -> None:
    """Also where a partition holds none of them."""
    end = datetime.now(UTC) - timedelta(days=10)
    where = PostFilter(since=end - timedelta(minutes=10), until=end)
    plans = await explain(filled, lambda pool: search_posts(pool, 11, where=where, seconds=60))
    assert any("event_time" in scan for plan in plans for scan in plan.scans)
    of_posts = [plan for plan in plans if any(" on posts_" in scan for scan in plan.scans)]
    assert sum(plan.rows_read for plan in of_posts) < 500, of_posts
