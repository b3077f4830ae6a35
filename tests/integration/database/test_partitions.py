"""Every id finds a partition, whatever upkeep does or does not do, and partitions come and go under load."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
import pytest
from psycopg.errors import LockNotAvailable
from psycopg_pool import AsyncConnectionPool
from pydantic import AnyUrl

from sentistream_core.database import aggregates, brief_lock
from sentistream_core.database.connection import LimitedConnection
from sentistream_core.database.partition_changes import retire_oldest, split
from sentistream_core.database.partitions import Partition, first_id, list_partitions, splits, wanted_bounds
from sentistream_core.database.pool import Pool, create_pool
from sentistream_core.database.posts import find_post, store_posts
from sentistream_core.database.retention import expire_days, expire_posts, kept_since
from support.posts import a_classified_post, an_id, move_in_time, store

LAST_ID = UUID(int=2**128 - 1)


async def partitions_of(pool: Pool) -> list[Partition]:
    async with pool.connection() as connection:
        return await list_partitions(connection)


async def partition_of(pool: Pool, post_id: UUID) -> str:
    async with pool.connection() as connection:
        rows = await connection.execute("SELECT tableoid::regclass::text FROM posts WHERE id = %s", [post_id])
        [(name,)] = await rows.fetchall()
    return str(name)


async def make_partitions(pool: Pool, now: datetime) -> None:
    """What upkeep would do then."""
    for bound in splits(await partitions_of(pool), now):
        await split(pool, bound)


def are_whole(partitions: Sequence[Partition]) -> bool:
    """Whether each begins where the one before ends, from the first id to the last."""
    bounds = [each.first.int for each in partitions[1:]]
    return [each.last.int + 1 for each in partitions] == [*bounds, 2**128]


def some_ids(now: datetime) -> list[UUID]:
    """Of the past, now and the future; not ordered by time; the first and the last that there are."""
    times = [datetime(2020, 1, 1, tzinfo=UTC), *(now + timedelta(days=days) for days in (-1, 0, 1, 13, 20, 70, 400))]
    others = ["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "019b0000-0000-4000-8000-000000000000"]
    return [UUID(int=0), LAST_ID, *map(UUID, others), *map(an_id, times)]


async def test_no_id_is_refused_and_each_is_stored_once(pool: Pool) -> None:
    now = datetime.now(UTC)
    ids = some_ids(now)
    posts = [a_classified_post(post_id=each) for each in ids]
    assert (await store_posts(pool, posts)).new == len(ids)
    assert (await store_posts(pool, posts)).new == 0
    assert await partition_of(pool, LAST_ID) == "posts_above"
    assert await partition_of(pool, UUID(int=0)) == "posts_below"
    assert await partition_of(pool, ids[6]) == f"posts_{now:%Y%m%d}"


@pytest.mark.parametrize("days", [1, 21, 100])
async def test_partitions_for_the_days_to_come_are_made_and_posts_stay(pool: Pool, days: int) -> None:
    """Also when upkeep was down for so long that there is none for tomorrow."""
    now = datetime.now(UTC)
    later = now + timedelta(days=days)
    ids = [*some_ids(now), *some_ids(later)[4:]]
    posts = [a_classified_post(post_id=each) for each in ids]
    await store_posts(pool, posts)
    await make_partitions(pool, later)
    partitions = await partitions_of(pool)
    assert are_whole(partitions)
    [begun] = [each for each in partitions if an_id(later) in each]
    assert all(
        first_id(day) in begun or first_id(day) in {each.first for each in partitions}
        for day in wanted_bounds(later.date())
    )
    assert (await store_posts(pool, posts)).new == 0, "all are there"
    assert [each for each in ids if await find_post(pool, each) is None] == []
    assert await aggregates.differences(pool) == []
    await make_partitions(pool, later)
    assert await partitions_of(pool) == partitions


async def test_two_processes_may_change_partitions_at_once(pool: Pool) -> None:
    """After a network fault both lead for some seconds. Each change is made once, and nothing is dropped for it."""
    now = datetime.now(UTC)
    ids = some_ids(now)
    await store_posts(pool, [a_classified_post(post_id=each) for each in ids])
    later = now + timedelta(days=5)
    await asyncio.gather(*(make_partitions(pool, later) for _ in range(2)))
    assert splits(await partitions_of(pool), later) == []
    retired = await asyncio.gather(*(retire_oldest(pool, cutoff=now - timedelta(days=1)) for _ in range(2)))
    assert not any(retired)
    retired = await asyncio.gather(*(retire_oldest(pool, cutoff=later) for _ in range(2)))
    assert any(retired)
    assert are_whole(await partitions_of(pool))
    assert await aggregates.differences(pool) == []


async def test_partitions_are_alike(pool: Pool) -> None:
    """One that was made later has the indexes, constraints, columns and statistics of the first ones."""
    await make_partitions(pool, datetime.now(UTC) + timedelta(days=3))
    async with pool.connection() as connection:
        rows = await connection.execute(
            """
            SELECT
                ARRAY(SELECT replace(pg_get_indexdef(indexrelid), relname, '') FROM pg_index
                    WHERE indrelid = pg_class.oid),
                ARRAY(SELECT pg_get_constraintdef(oid) FROM pg_constraint
                    WHERE conrelid = pg_class.oid AND conname <> 'posts_below_bound'),
                ARRAY(SELECT attname || attnotnull || atthasdef FROM pg_attribute
                    WHERE attrelid = pg_class.oid AND attnum > 0),
                ARRAY(SELECT coalesce(attstattarget, 0)::text FROM pg_attribute JOIN pg_index ON indexrelid = attrelid
                    WHERE indrelid = pg_class.oid)
            FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid WHERE inhparent = 'posts'::regclass
            """
        )
        kinds = {tuple(tuple(sorted(part)) for part in row) for row in await rows.fetchall()}
    assert len(kinds) == 1


async def test_a_day_is_dropped_and_counted_and_its_ids_stay_welcome(pool: Pool) -> None:
    now = datetime.now(UTC)
    young, old = an_id(now), an_id(now)
    await make_partitions(pool, now)
    await store(pool, [a_classified_post("old", post_id=each) for each in (old, an_id(now), UUID(int=7), LAST_ID)])
    await move_in_time(pool, days=8)
    day = timedelta(days=1)
    # As if it were eight days later: the posts and the day are as old as that, and one post came late.
    async with pool.connection() as connection:
        [today] = [each for each in await list_partitions(connection) if old in each]
    await store(pool, [a_classified_post("late", post_id=young)])
    cutoff = now + day * 2
    assert not await retire_oldest(pool, cutoff=now - day), "the day is not over"
    assert await retire_oldest(pool, cutoff=cutoff) is True
    assert await aggregates.differences(pool) == [], "between the two steps"
    assert await find_post(pool, old) is None
    assert await expire_days(pool, age=timedelta(days=7)) == 3
    assert await kept_since(pool) == cutoff
    partitions = await partitions_of(pool)
    assert are_whole(partitions)
    assert partitions[0].upper == today.upper
    assert (await store_posts(pool, [a_classified_post(post_id=an_id(now))])).new == 1
    assert await aggregates.differences(pool) == []


async def test_days_are_dropped_without_reading_what_lies_below(database_url: str) -> None:
    told: list[str] = []

    async def listen(connection: LimitedConnection) -> None:
        connection.add_notice_handler(lambda diagnostic: told.append(diagnostic.message_primary or ""))
        await connection.execute("SET client_min_messages = debug1")

    async with AsyncConnectionPool(
        database_url,
        connection_class=LimitedConnection,
        configure=listen,
        kwargs={"autocommit": True},
        min_size=1,
        open=False,
    ) as pool:
        for _ in range(2):
            assert await retire_oldest(pool, cutoff=datetime.now(UTC) + timedelta(days=3))
        assert are_whole(await partitions_of(pool))
    implied = 'partition constraint for table "posts_below" is implied by existing constraints'
    assert [each for each in told if implied in each] == [implied] * 2


async def test_what_lies_in_no_past_day_is_deleted_a_few_at_a_time(pool: Pool) -> None:
    now = datetime.now(UTC)
    await store(pool, [a_classified_post(post_id=each) for each in some_ids(now)])
    await move_in_time(pool, days=8)
    kept = await store(pool, [a_classified_post(post_id=UUID(int=1))])
    deleted = 0
    while number := await expire_posts(pool, age=timedelta(days=7), limit=1):
        deleted += number
    assert deleted == len(some_ids(now))
    assert await find_post(pool, UUID(kept[0])) is not None
    assert await aggregates.differences(pool) == []


@asynccontextmanager
async def storing(url: str) -> AsyncIterator[list[UUID]]:
    """Two sessions that store posts of today all the time; what they have stored."""
    stored: list[UUID] = []

    async def store_on(pool: Pool) -> None:
        while True:
            posts = [a_classified_post(post_id=an_id(datetime.now(UTC))) for _ in range(50)]
            posts += [a_classified_post() for _ in range(10)]
            stored.extend(each.classified.post.id for each in (await store_posts(pool, posts)).posts)

    async with create_pool(AnyUrl(url), name="workers", size=2, timeout_seconds=10) as pool:
        tasks = [asyncio.create_task(store_on(pool)) for _ in range(2)]
        yield stored
        for task in tasks:
            task.cancel()
        for outcome in await asyncio.gather(*tasks, return_exceptions=True):
            assert isinstance(outcome, asyncio.CancelledError), outcome


async def test_an_id_that_two_workers_store_at_midnight_is_stored_once(pool: Pool) -> None:
    """Also if the two say that it was written on different days."""
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    for seconds in (-0.1, 0.1):
        post_id = an_id(midnight + timedelta(seconds=seconds))
        deliveries = [
            a_classified_post(post_id=post_id, written_at=midnight + timedelta(seconds=each)) for each in (-0.1, 0.1)
        ]
        results = await asyncio.gather(*(store_posts(pool, [each]) for each in deliveries))
        assert sorted(each.new for each in results) == [0, 1]
    assert await aggregates.differences(pool) == []


async def test_days_come_and_go_while_workers_store(
    pool: Pool, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(brief_lock, "_LOCK_MILLISECONDS", 2_000)  # on a machine with more to do
    now = datetime.now(UTC)
    async with storing(database_url) as stored:
        for days in range(1, 4):
            await make_partitions(pool, now + timedelta(days=days))
        # All posts have just been processed: the day of today and the next ones are past and empty of older ones.
        assert await expire_days(pool, age=timedelta(days=-3)) >= 0
        count = len(stored)
    async with pool.connection() as connection:
        rows = await connection.execute("SELECT coalesce(sum(posts), 0)::int FROM expired_posts")
        [(expired,)] = await rows.fetchall()
        rows = await connection.execute("SELECT count(*) FROM posts")
        [(left,)] = await rows.fetchall()
    assert left + expired >= len(stored) >= count > 0
    assert await aggregates.differences(pool) == []
    assert are_whole(await partitions_of(pool))


async def test_a_long_transaction_holds_up_upkeep_and_no_worker(
    pool: Pool, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(brief_lock, "_TRIES", 3)
    [bound, *_] = splits(await partitions_of(pool), datetime.now(UTC) + timedelta(days=1))
    async with await psycopg.AsyncConnection.connect(database_url, application_name="report") as long:
        await long.execute("SELECT count(*) FROM posts")
        with pytest.raises(LockNotAvailable):
            await split(pool, bound)
        assert (await store_posts(pool, [a_classified_post()])).new == 1
    await split(pool, bound)
    assert are_whole(await partitions_of(pool))
