"""Migration 0005 brings an existing table into partitions: nothing is lost, and nobody waits behind it."""

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from itertools import count
from typing import Any

import psycopg
import pytest
from alembic.util.exc import CommandError
from psycopg import Connection
from pydantic import AnyUrl

from sentistream_core.database.migration import migrate
from sentistream_core.database.migrations.partitioning import partition_posts
from sentistream_local.postgres import Postgres
from support.command import Command
from support.waiting import eventually

_numbers = count(1)

INSERT = """
INSERT INTO posts (id, content, sentiment_label, sentiment_score, score_positive, score_neutral, score_negative,
    source, posted_at, model, stream_id, read_at, classified_at, "timestamp")
SELECT CASE number %% 3 WHEN 0 THEN gen_random_uuid() ELSE uuidv7(number * INTERVAL '-1 minute') END,
    'post ' || number, (ARRAY['positive', 'neutral', 'negative'])[number %% 3 + 1], 0.5, 0, 0, 0,
    'test', now(), 'words-1', number || '-0', now(), now(), now() - number * INTERVAL '1 minute'
FROM generate_series(%s::int, %s::int) AS number
"""
POSTS = """SELECT content, id, sentiment_label, "timestamp" FROM posts ORDER BY 1, 2"""


@pytest.fixture
def url(postgres: Postgres, template_database: str) -> str:
    """A database as the version before left it, with posts."""
    url = postgres.create_database(f"before_partitions_{next(_numbers)}", template=template_database)
    migrate(AnyUrl(url), "0004")
    with psycopg.connect(url) as connection:
        connection.execute(INSERT, [1, 5_000])
    return url


@pytest.fixture
def connection(url: str) -> Iterator[Connection[Any]]:
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


def test_rows_are_kept_and_count_when_they_did(url: str, connection: Connection[Any]) -> None:
    before = connection.execute(POSTS).fetchall()
    connection.execute("INSERT INTO expired_posts VALUES ('neutral', 1)")
    said: list[str] = []
    migrate(AnyUrl(url), say=said.append)
    assert connection.execute(POSTS).fetchall() == before
    assert connection.execute("""SELECT count(*) FROM posts WHERE event_time <> "timestamp" """).fetchone() == (0,)
    assert "5,000 in this run at" in said[-1]
    left = connection.execute(
        "SELECT relname FROM pg_class WHERE relname ~ 'unpartitioned|conversion|mirror|new_' "
        "AND relnamespace = 'public'::regnamespace"
    )
    assert left.fetchall() == []


def test_going_back_keeps_the_rows(url: str, connection: Connection[Any]) -> None:
    before = connection.execute(POSTS).fetchall()
    migrate(AnyUrl(url))
    migrate(AnyUrl(url), "0004")
    assert connection.execute(POSTS).fetchall() == before


class _CutShort:
    """A connection that breaks at a statement."""

    def __init__(self, connection: Connection[Any], statements: int) -> None:
        self._connection = connection
        self._left = statements

    def execute(self, *arguments: Any) -> Any:  # noqa: ANN401 (psycopg's)
        self._left -= 1
        if self._left < 0:
            raise ConnectionAbortedError
        return self._connection.execute(*arguments)

    def transaction(self) -> AbstractContextManager[Any]:
        return self._connection.transaction()


def test_cut_short_at_each_statement_it_goes_on(connection: Connection[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """While rows come and go, as with workers and retention of the version before."""
    monkeypatch.setattr("sentistream_core.database.migrations.partitioning._BLOCKS_AT_ONCE", 5)
    connection.execute("DELETE FROM posts WHERE content > 'post 2'")  # so that each of many runs is short
    first_started = 0
    for runs in count(1):
        connection.execute(INSERT, [10_000 + runs, 10_000 + runs])
        connection.execute(
            "DELETE FROM posts WHERE content IN (%s, %s)", [f"post {runs * 7 + 1}", f"post {5_000 - runs * 7}"]
        )
        expected = connection.execute(POSTS).fetchall()
        # As many statements in each run, so that it is cut at another one, and again from where the table is there.
        started = connection.execute("SELECT to_regclass('posts_partitioned')").fetchone() != (None,)
        first_started = runs if not started else first_started
        try:
            partition_posts(_CutShort(connection, runs - first_started if started else runs), print)  # type: ignore[arg-type]
        except ConnectionAbortedError:
            assert connection.execute(POSTS).fetchall() == expected
        else:
            break
    assert connection.execute(POSTS).fetchall() == expected
    assert connection.execute(
        "SELECT count(*) > 10 FROM pg_inherits WHERE inhparent = 'posts'::regclass"
    ).fetchone() == (True,)


async def test_killed_halfway_and_repeated(url: str, connection: Connection[Any], redis_url: str) -> None:
    connection.execute(INSERT, [20_000, 80_000])
    before = connection.execute(POSTS).fetchall()
    environment = os.environ | {"SENTISTREAM_DATABASE_URL": url}
    migrating = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sentistream_cli", "migrate", env=environment
    )

    async def copied() -> int:
        if connection.execute("SELECT to_regclass('posts_conversion')").fetchone() == (None,):
            return 0
        row = connection.execute("SELECT next_block FROM posts_conversion").fetchone()
        return row[0] if row else 0

    await eventually(copied, bool)
    migrating.send_signal(signal.SIGKILL)
    assert await migrating.wait() == -signal.SIGKILL
    assert connection.execute(POSTS).fetchall() == before
    repeated = Command(redis_url, url)("migrate")
    assert repeated.returncode == 0, repeated.stderr
    assert repeated.stdout.splitlines()[-1] == "The database is at revision 0008."
    assert connection.execute(POSTS).fetchall() == before


async def test_an_idle_transaction_holds_up_the_migration_and_nobody_else(
    url: str, connection: Connection[Any]
) -> None:
    said: list[str] = []
    with psycopg.connect(url, application_name="forgotten psql") as idle:
        idle.execute("SELECT count(*) FROM posts")
        migrating = asyncio.create_task(asyncio.to_thread(migrate, AnyUrl(url), say=said.append))
        await eventually(lambda: found(said, "waiting for a lock"), bool)
        connection.execute("SET statement_timeout = '5s'")
        for number in range(100_000, 100_020):
            connection.execute(INSERT, [number, number])
            assert connection.execute("SELECT count(*) FROM posts").fetchone() == (number - 94_999,)
        assert not migrating.done()
        [waiting] = await found(said, "waiting for a lock")
        assert f"process {idle.info.backend_pid} (forgotten psql of role postgres), idle in transaction" in waiting
        idle.rollback()
        assert await migrating == "0008"
    assert connection.execute("SELECT count(*) FROM posts").fetchone() == (5_020,)


async def found(said: list[str], words: str) -> list[str]:
    return [each for each in said if words in each]


def test_what_depends_on_the_table_is_named_before_anything_is_done(url: str, connection: Connection[Any]) -> None:
    connection.execute("CREATE VIEW report AS SELECT count(*) FROM posts")
    with pytest.raises(CommandError, match="view report"):
        migrate(AnyUrl(url))
    connection.execute("DROP VIEW report")
    assert migrate(AnyUrl(url)) == "0008"


def test_roles_keep_their_rights(url: str, connection: Connection[Any]) -> None:
    connection.execute("DO $$ BEGIN CREATE ROLE reporter; EXCEPTION WHEN duplicate_object THEN NULL; END $$")
    connection.execute("GRANT SELECT ON posts TO reporter")
    migrate(AnyUrl(url))
    assert connection.execute("SELECT has_table_privilege('reporter', 'posts', 'SELECT')").fetchone() == (True,)
    assert connection.execute("SELECT has_table_privilege('reporter', 'posts', 'INSERT')").fetchone() == (False,)
