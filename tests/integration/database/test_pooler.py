"""Through PgBouncer in transaction mode the database is used as it is directly."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from psycopg.errors import LockNotAvailable, QueryCanceled
from pydantic import AnyUrl

from sentistream_core.database.migration import PoolerError, migrate
from sentistream_core.database.pool import Pool, create_pool
from sentistream_core.database.post_search import search_posts
from sentistream_core.database.posts import ALL_POSTS, find_post, recent_posts, store_posts
from sentistream_local.postgres import Postgres
from support.pgbouncer import PROGRAM, PgBouncer
from support.posts import a_classified_post

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="pgbouncer is not on this machine")


@pytest.fixture(scope="module")
def pgbouncer(postgres: Postgres, server_folder: Path) -> Iterator[PgBouncer]:
    pgbouncer = PgBouncer(postgres.port, server_folder / "pgbouncer")
    yield pgbouncer
    pgbouncer.stop()


@pytest.fixture
def pooled_url(pgbouncer: PgBouncer, database_url: str) -> str:
    with psycopg.connect(database_url, autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute(f"ALTER DATABASE {name} SET timezone = 'Asia/Kolkata'")
    return pgbouncer.url(database_url)


@pytest.fixture
async def pooled(pooled_url: str) -> AsyncIterator[Pool]:
    async with create_pool(AnyUrl(pooled_url), name="pooled", size=2, timeout_seconds=5) as pool:
        yield pool


async def test_posts_are_stored_and_read(pooled: Pool, pool: Pool) -> None:
    posts = [a_classified_post(f"post {number}") for number in range(3)]
    for _ in range(7):  # more often than psycopg needs to prepare a statement
        await store_posts(pooled, posts)
    expected = await recent_posts(pool, 10)
    assert len(expected) == 3
    assert await recent_posts(pooled, 10) == expected
    assert (await search_posts(pooled, 10, where=ALL_POSTS, seconds=5)).posts == expected
    assert await find_post(pooled, posts[0].post.id) in expected


async def test_times_are_in_utc(pooled: Pool) -> None:
    async with pooled.connection() as connection:
        cursor = await connection.execute("SELECT now(), current_setting('TimeZone')")
        row = await cursor.fetchone()
    assert row is not None
    assert row[0].utcoffset() == timedelta(0)
    assert row[1] == "UTC"


async def test_limits_hold_in_each_transaction_and_for_nobody_else(pooled: Pool, pooled_url: str) -> None:
    """Both pools are lent the same server connection in turn."""
    async with create_pool(AnyUrl(pooled_url), name="patient", size=1, timeout_seconds=60) as patient:
        for _ in range(2):
            for pool, milliseconds in ((pooled, "5s"), (patient, "1min")):
                assert await _limits(pool) == (milliseconds, milliseconds)
        async with pooled.connection() as connection, connection.transaction():
            await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor = await connection.execute("SHOW statement_timeout")
            assert await cursor.fetchone() == ("5s",)
    async with await psycopg.AsyncConnection.connect(pooled_url, autocommit=True, prepare_threshold=None) as other:
        assert await (await other.execute("SHOW statement_timeout")).fetchone() == ("0",)


async def _limits(pool: Pool) -> object:
    async with pool.connection() as connection:
        cursor = await connection.execute(
            "SELECT current_setting('statement_timeout'), current_setting('lock_timeout') WHERE true = %s", [True]
        )
        return await cursor.fetchone()


async def test_a_slow_statement_and_a_wait_for_a_lock_are_ended(pooled_url: str, pool: Pool) -> None:
    async with (
        create_pool(AnyUrl(pooled_url), name="impatient", size=1, timeout_seconds=0.5) as impatient,
        impatient.connection() as connection,
    ):
        with pytest.raises(QueryCanceled):
            await connection.execute("SELECT pg_sleep(60)")
        with pytest.raises(QueryCanceled):
            async with connection.transaction():
                await connection.execute("SELECT pg_sleep(60)")
        async with pool.connection() as holding, holding.transaction():
            await holding.execute("LOCK TABLE posts IN ACCESS EXCLUSIVE MODE")
            with pytest.raises((LockNotAvailable, QueryCanceled)):
                await connection.execute("SELECT count(*) FROM posts")
        cursor = await connection.execute("SELECT count(*) FROM posts")
        assert await cursor.fetchone() == (0,)


async def test_a_migration_asks_for_postgresql_itself(pooled_url: str) -> None:
    """Its lock and its time limits would stay behind with a server connection that others are lent."""
    with pytest.raises(PoolerError, match="SENTISTREAM_DATABASE_DIRECT_URL"):
        await asyncio.to_thread(migrate, AnyUrl(pooled_url))
