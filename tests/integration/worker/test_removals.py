"""A post that its platform says is gone: nothing of it stays, whatever comes in which order, and the books balance."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import zip_longest
from uuid import UUID

import pytest
from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Identifier
from redis.asyncio import Redis

from sentistream_core.change import AuthorRemoval, Change, Deletion
from sentistream_core.classified_post import ClassifiedPost, removed_posts
from sentistream_core.database import aggregates, removals
from sentistream_core.database.pool import Pool
from sentistream_core.database.posts import store_posts
from sentistream_core.post import Post
from sentistream_core.sentiment import Sentiment
from sentistream_local.pipeline import LocalPipeline
from support.oracle import drained
from support.processes import start_worker
from support.streams import PARTITION, a_post, entries, send, send_raw
from support.waiting import eventually

OTHER = a_post("I love the others")
GONE = replace(a_post("I hate marmalade"), author="did:plc:ada", url="https://social.example/@ada/4711")


def _leaves(post: Post) -> AuthorRemoval:
    assert post.author
    return AuthorRemoval(source=post.source, author=post.author, created_at=datetime.now(UTC))


ADA_LEAVES = _leaves(GONE)


async def stored(pool: Pool) -> set[UUID]:
    async with pool.connection() as connection:
        return {row[0] for row in await (await connection.execute("SELECT id FROM posts")).fetchall()}


async def announced(redis: Redis) -> set[UUID]:
    return {post for _, fields in await entries(redis, PARTITION.processed) for post in removed_posts(fields)}


async def traces(redis: Redis) -> list[str]:
    """Streams that hold a word of the post that is gone."""
    return [
        stream
        for stream in (PARTITION.posts, PARTITION.processed, PARTITION.dead_letters)
        for _, fields in await entries(redis, stream)
        if any(b"marmalade" in value for value in fields.values())
    ]


def _all_orders() -> list[Sequence[Change]]:
    """Each about a post of its own."""

    def post(author: str) -> Post:
        return replace(a_post("I hate marmalade"), author=author)

    def gone(post: Post) -> Deletion:
        return Deletion(post.id)

    a, b, c, d, e, f = (post(f"did:plc:{number}") for number in range(6))
    return [
        [a, gone(a)],
        [gone(b), b],
        [c, gone(c), c],
        [d, gone(d), gone(d)],
        [e, _leaves(e)],
        [_leaves(f), f],
    ]


@pytest.mark.parametrize("in_one_batch", [True, False])
async def test_whatever_the_order_the_posts_are_gone(
    pipeline: LocalPipeline, redis: Redis, pool: Pool, *, in_one_batch: bool
) -> None:
    steps = list(zip_longest([OTHER], *_all_orders()))
    if in_one_batch:
        await send(redis, [change for step in steps for change in step if change])
        start_worker(pipeline)
    else:
        start_worker(pipeline)
        for step in steps:
            await send(redis, [change for change in step if change])
            await drained(redis)
    await drained(redis)
    pipeline.start_upkeep()
    await eventually(lambda: stored(pool), lambda ids: ids == {OTHER.id})
    assert await aggregates.differences(pool) == []


async def test_an_author_who_leaves_takes_what_was_written_until_then_and_no_more(
    pipeline: LocalPipeline, redis: Redis, pool: Pool
) -> None:
    others = [
        replace(a_post("same name elsewhere"), author=ADA_LEAVES.author, source="elsewhere"),
        replace(a_post("same place"), author="did:plc:bob"),
        replace(
            a_post("after a return"), author=ADA_LEAVES.author, created_at=ADA_LEAVES.created_at + timedelta(days=1)
        ),
    ]
    adas = [replace(a_post(f"marmalade {each}"), author=ADA_LEAVES.author) for each in range(2_500)]
    await send(redis, [*adas, *others, ADA_LEAVES])
    start_worker(pipeline)
    await drained(redis)
    pipeline.start_upkeep(settings={"POSTS_KEEP_SECONDS": "0"})
    await eventually(lambda: stored(pool), lambda ids: ids == {each.id for each in others})
    assert await aggregates.differences(pool) == []


async def test_entries_of_posts_that_are_gone_are_erased_and_their_followers_told(
    pipeline: LocalPipeline, redis: Redis, pool: Pool
) -> None:
    start_worker(pipeline)
    await send(redis, [GONE, OTHER])
    await send_raw(redis, {"id": str(GONE.id), "content": "marmalade", "created_at": "yesterday"})
    await send_raw(
        redis, {"author": "did:plc:ada", "source": "test", "content": "more marmalade", "created_at": "never"}
    )
    await send(redis, [replace(a_post("marmalade again"), author="did:plc:ada")])
    ada = {"source": "test", "author": "did:plc:ada", "created_at": "never"}
    await send_raw(redis, {"first": "x" * 9_000, "second": "x" * 9_000, **ada, "content": "marmalade in a huge entry"})
    for stream in (PARTITION.processed, PARTITION.dead_letters):  # what no worker wrote
        await redis.xadd(stream, {**ada, "id": "none", "content": "marmalade"})  # type: ignore[dict-item]
    await drained(redis)
    assert set(await traces(redis)) == {PARTITION.posts, PARTITION.processed, PARTITION.dead_letters}
    await send(redis, [Deletion(GONE.id), ADA_LEAVES])
    await drained(redis)
    assert GONE.id in await announced(redis)
    pipeline.start_upkeep(settings={"POSTS_KEEP_SECONDS": "3600"})
    await eventually(lambda: traces(redis), lambda found: found == [])
    assert {fields[b"id"] for _, fields in await entries(redis, PARTITION.processed) if b"content" in fields} == {
        str(OTHER.id).encode()
    }
    await eventually(lambda: stored(pool), lambda ids: ids == {OTHER.id})
    dumped = await dump(pool)
    assert OTHER.content.encode() in dumped
    assert b"marmalade" not in dumped
    assert str(GONE.url).encode() not in dumped


async def dump(pool: Pool) -> bytes:
    """The rows of all tables."""
    rows = []
    async with pool.connection() as connection:
        tables = await connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        for (table,) in await tables.fetchall():
            async with (
                connection.cursor() as cursor,
                cursor.copy(SQL("COPY (TABLE {}) TO STDOUT").format(Identifier(table))) as copy,
            ):
                rows += [bytes(row) async for row in copy]
    return b"".join(rows)


async def test_a_removal_waits_for_a_transaction_that_stores_the_post(pool: Pool) -> None:
    """Else neither would see the other: the post would be stored, and stay."""
    now = datetime.now(UTC)
    post = ClassifiedPost(GONE, "1-0", Sentiment(0.1, 0.8, 0.1), "words-1", read_at=now, classified_at=now)
    async with pool.connection() as holding, holding.transaction():
        # A worker whose transaction takes its time, between the check and the commit.
        await holding.execute("SELECT removed_of(%s, %s::text[], %s::text[], %s)", [[GONE.id], [None], [None], [now]])
        recording = asyncio.create_task(removals.record_removals(pool, [Deletion(GONE.id)], []))
        await eventually(lambda: _waiting(holding), lambda waiting: waiting == 1)
        assert not recording.done()
    await recording
    result = await store_posts(pool, [post])
    assert (result.new, result.gone, result.posts) == (0, 1, [])


async def _waiting(connection: AsyncConnection[TupleRow]) -> int:
    cursor = await connection.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    row = await cursor.fetchone()
    return int(row[0]) if row else 0


async def test_removals_are_forgotten_after_a_week(pool: Pool) -> None:
    await removals.record_removals(pool, [Deletion(GONE.id)], [ADA_LEAVES])
    await removals.finish_removal(pool, ADA_LEAVES)
    assert await removals.expire_removals(pool, limit=10) == 0
    async with pool.connection() as connection:
        for table in ("removed_posts", "removed_authors"):
            await connection.execute(f"UPDATE {table} SET removed_at = now() - INTERVAL '8 days'".encode())  # noqa: S608
    assert await removals.expire_removals(pool, limit=10) == 2


async def test_no_log_line_holds_what_was_written_or_by_whom(pipeline: LocalPipeline, redis: Redis, pool: Pool) -> None:
    worker = start_worker(pipeline)
    await send(redis, [GONE, OTHER])
    await send_raw(redis, {"created_at": "never", "content": "marmalade", "source": "test", "author": "did:plc:ada"})
    await drained(redis)
    await send(redis, [Deletion(GONE.id), ADA_LEAVES])
    await drained(redis)
    upkeep = pipeline.start_upkeep()
    await eventually(lambda: stored(pool), lambda ids: ids == {OTHER.id})
    await eventually(lambda: traces(redis), lambda found: PARTITION.dead_letters not in found)
    for program in (worker, upkeep):
        log = program.log.read_text()
        assert log
        assert "marmalade" not in log
        assert "did:plc:ada" not in log
