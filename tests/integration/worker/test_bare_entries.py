"""Entries that a third party wrote with nothing but `content`: their posts get ids that nobody can take before them."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import psycopg
import pytest
from pydantic import AnyUrl
from redis.asyncio import Redis

from sentistream_core.broker.consumer_group import WORKER_GROUP, Consumer, ensure_group, read_new
from sentistream_core.broker.dead_letters import list_dead_letters, replay_dead_letter
from sentistream_core.broker.stream_fields import stream_fields
from sentistream_core.database.migration import migrate
from sentistream_core.database.pool import Pool
from sentistream_core.database.posts import ALL_POSTS, PostFilter, recent_posts, store_posts
from sentistream_core.identifiers import id_without_secret
from sentistream_core.post import Post
from sentistream_local.pipeline import LocalPipeline
from sentistream_local.postgres import Postgres
from support.oracle import drained, observe
from support.posts import a_classified_post
from support.processes import start_worker
from support.streams import PARTITION, TOPOLOGY, a_post, entries, send, send_raw

NAMESPACE = UUID("6f1c1a7e-2f0e-5b62-9d4b-6d0a3f1f5c11")
"""As anyone can read it in the source."""


async def stored_posts(pool: Pool, where: PostFilter = ALL_POSTS) -> list[Post]:
    return [each.classified.post for each in await recent_posts(pool, 100, where=where)]


async def test_nobody_takes_the_ids_of_bare_entries_before_them(
    pipeline: LocalPipeline, redis: Redis, pool: Pool
) -> None:
    soon = int(time.time() * 1000) + 10_000
    forged = a_post("forged")
    await send(redis, (replace(forged, id=uuid5(NAMESPACE, f"{soon + offset}-0")) for offset in range(1_000)))
    for number in range(30):
        await redis.xadd(PARTITION.posts, {"content": f"honest {number}"}, id=f"{soon + 30 * number}-0")
    start_worker(pipeline)
    await drained(redis)
    honest = await stored_posts(pool, PostFilter(source="unknown"))
    assert {post.content for post in honest} == {f"honest {number}" for number in range(30)}


async def test_a_bare_entry_is_one_post_ordered_by_time_however_often_it_is_delivered(
    pipeline: LocalPipeline, redis: Redis, pool: Pool
) -> None:
    entry_ids = [await send_raw(redis, {"content": f"post {number}"}) for number in range(5)]
    start_worker(pipeline)
    await drained(redis)
    stored = (await observe(pool, redis)).stored
    await redis.xgroup_setid(PARTITION.posts, WORKER_GROUP, "0")
    await drained(redis)
    assert (await observe(pool, redis)).stored == stored
    assert {post_id.version for post_id in stored} == {8}
    milliseconds = sorted(int(entry_id.partition("-")[0]) for entry_id in entry_ids)
    assert sorted(post_id.int >> 80 for post_id in stored) == milliseconds


async def test_a_dead_letter_of_a_bare_entry_keeps_the_id_of_its_post(
    pipeline: LocalPipeline, redis: Redis, pool: Pool
) -> None:
    """So that a post which was stored before it became a letter is the same one when it is replayed."""
    async with pool.connection() as connection:
        await connection.execute("ALTER TABLE posts ADD CONSTRAINT no_cats CHECK (content NOT LIKE '%cat%')")
    await send_raw(redis, {"content": "a cat", "id": ""})
    await send_raw(redis, {"content": ""})
    start_worker(pipeline)
    await drained(redis)
    letters = await list_dead_letters(redis, TOPOLOGY, limit=10)
    ids = {letter.letter.fields[b"id"] for letter in letters}
    assert {UUID(each.decode()).version for each in ids} == {8}
    assert len(ids) == len(letters) == 2
    for letter in letters:
        await replay_dead_letter(redis, TOPOLOGY, letter.id)
    async with pool.connection() as connection:
        await connection.execute("ALTER TABLE posts DROP CONSTRAINT no_cats")
    await drained(redis)
    [post] = await stored_posts(pool)
    assert str(post.id).encode() in ids
    assert post.content == "a cat"


@pytest.fixture
async def upgraded(pool: Pool) -> None:
    """A database that was in use when it was brought to this version."""
    async with pool.connection() as connection:
        await connection.execute("UPDATE entry_ids SET since = now() + interval '1 day'")


@pytest.mark.usefixtures("upgraded")
async def test_what_an_older_worker_stored_and_did_not_acknowledge_is_no_second_post(
    pipeline: LocalPipeline, redis: Redis, pool: Pool
) -> None:
    older = Consumer(PARTITION, "worker-1")
    await ensure_group(redis, older)
    await send_raw(redis, {"content": "stored by an older worker"})
    await send_raw(redis, {"content": "read by an older worker"})
    [first, _] = await read_new(redis, older, count=10, block_milliseconds=0)
    post = a_classified_post("stored by an older worker", post_id=id_without_secret(first.id))
    await store_posts(pool, [replace(post, stream_id=first.id)])
    start_worker(pipeline)
    await drained(redis)
    assert sorted(post.content for post in await stored_posts(pool)) == [
        "read by an older worker",
        "stored by an older worker",
    ]


def since_of(url: str) -> datetime:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT since, length(secret) FROM entry_ids").fetchone()
    assert row is not None
    assert row[1] == 32
    since: datetime = row[0]
    return since


@pytest.mark.parametrize("in_use", [False, True])
def test_older_workers_are_given_a_day_where_there_may_be_some(postgres: Postgres, *, in_use: bool) -> None:
    url = postgres.create_database(f"entry_ids_{in_use}")
    migrate(AnyUrl(url))
    migrate(AnyUrl(url), "0003")
    if in_use:
        with psycopg.connect(url) as connection:
            connection.execute("INSERT INTO expired_posts VALUES ('neutral', 1)")
    migrate(AnyUrl(url))
    now = datetime.now(UTC)
    assert (since_of(url) > now + timedelta(hours=23)) == in_use
    assert (since_of(url) < now) == (not in_use)


async def test_an_older_workers_letter_keeps_the_id_that_it_may_be_stored_under(redis: Redis) -> None:
    letter = {
        "content": "text",
        "reason": "too_many_deliveries",
        "detail": "",
        "attempts": "6",
        "original_stream": PARTITION.posts,
        "original_id": "7-0",
        "failed_at": "2026-05-04T03:02:01+00:00",
    }
    letter_id: Any = await redis.xadd(PARTITION.dead_letters, stream_fields(letter))
    await replay_dead_letter(redis, TOPOLOGY, letter_id.decode())
    [(_, fields)] = await entries(redis, PARTITION.posts)
    assert fields[b"id"] == str(id_without_secret("7-0")).encode()
