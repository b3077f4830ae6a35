"""The operator's commands, run as an operator runs them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from redis.asyncio import Redis

from sentistream_core.broker.consumer_group import WORKER_GROUP, Consumer, ensure_group, read_new
from sentistream_core.database.pool import Pool
from sentistream_core.database.posts import stored_entries
from sentistream_core.database.retention import expire_posts
from sentistream_local.pipeline import LocalPipeline
from sentistream_local.postgres import Postgres
from support.command import Command
from support.dead_letters import add_letter
from support.oracle import drained
from support.processes import start_worker
from support.streams import PARTITION, a_post, entries, send, send_raw


@pytest.fixture
async def processed(pipeline: LocalPipeline, redis: Redis) -> Redis:
    """Two hundred posts and a dead letter, all processed."""
    await send(redis, (a_post(f"post {number}") for number in range(200)))
    await send_raw(redis, {"content": "", "author": "nobody"})
    start_worker(pipeline)
    await drained(redis)
    return redis


@pytest.mark.usefixtures("processed")
async def test_verify_finds_nothing_where_nothing_is_wrong(sentistream: Command) -> None:
    verified = sentistream("verify")
    assert verified.returncode == 0, verified.stderr
    assert "Nothing is lost or doubled." in verified.stdout


async def test_verify_names_a_lost_post(sentistream: Command, processed: Redis, pool: Pool) -> None:
    async with pool.connection() as connection:
        await connection.execute("DELETE FROM posts WHERE content = 'post 7'")
    verified = sentistream("verify")
    assert verified.returncode == 1
    [lost] = [
        entry_id for entry_id, fields in await entries(processed, PARTITION.posts) if fields[b"content"] == b"post 7"
    ]
    assert f"Lost: {lost} of {PARTITION.posts}" in verified.stdout
    assert "200 neutral posts are counted in buckets of 86,400 s, and 199 are stored" in verified.stdout


async def test_verify_names_what_was_acknowledged_and_never_stored(sentistream: Command, redis: Redis) -> None:
    careless = Consumer(PARTITION, "careless")
    await send(redis, [a_post("acknowledged too early")])
    await ensure_group(redis, careless)
    [entry] = await read_new(redis, careless, count=1, block_milliseconds=0)
    await redis.xack(PARTITION.posts, WORKER_GROUP, entry.id)
    verified = sentistream("verify")
    assert verified.returncode == 1
    assert f"Lost: {entry.id} of {PARTITION.posts}" in verified.stdout


@pytest.mark.usefixtures("processed")
async def test_verify_is_at_peace_with_retention(sentistream: Command, pool: Pool) -> None:
    assert 50 <= await expire_posts(pool, age=timedelta(0), limit=50) < 200
    verified = sentistream("verify")
    [line] = [line for line in verified.stdout.splitlines() if line.startswith("aggregates that differ from the posts")]
    assert line.split()[-1] == "0"


@pytest.mark.usefixtures("processed")
async def test_consumers_tells_who_reads_and_what_is_left(sentistream: Command) -> None:
    listed = sentistream("consumers")
    assert listed.returncode == 0
    assert listed.stdout.startswith("0 posts are left to do")
    assert "worker-1" in listed.stdout


async def test_a_dead_letter_is_listed_shown_replayed_and_deleted(sentistream: Command, processed: Redis) -> None:
    listed = sentistream("dead-letters", "list")
    letter_id = listed.stdout.splitlines()[1].split()[0]
    assert "no_content" in listed.stdout

    shown = sentistream("dead-letters", "show", letter_id)
    assert "content is missing or blank" in shown.stdout
    assert "nobody" in shown.stdout

    replayed = sentistream("dead-letters", "replay", letter_id)
    assert replayed.stdout == "Put 1 dead letters back into the stream.\n"
    await drained(processed)  # it is as bad as before, and comes back

    again = sentistream("dead-letters", "list", "--reason", "no_content")
    second_id = again.stdout.splitlines()[1].split()[0]
    assert second_id != letter_id
    assert sentistream("dead-letters", "delete", second_id).stdout == "Deleted 1 dead letters.\n"
    assert sentistream("dead-letters", "list").stdout == "There are no dead letters.\n"


async def test_a_dead_letter_of_any_size_is_shown_in_short(sentistream: Command, redis: Redis) -> None:
    fields = {b"content": b"a" * 3_000_000, b"source": b"nobody"} | {
        f"more-{n}".encode(): b"b" * 4_000 for n in range(9)
    }
    letter_id = await add_letter(redis, fields=fields)
    shown = sentistream("dead-letters", "show", letter_id)
    assert shown.returncode == 0
    assert len(shown.stdout) < 12_000
    assert "aaa ... (3,000,000 bytes in all)\n" in shown.stdout
    assert "nobody\n" in shown.stdout
    assert "  and 8 more\n" in shown.stdout


async def test_a_dead_letter_of_a_stream_that_nobody_reads_stays(sentistream: Command, redis: Redis) -> None:
    foreign = await add_letter(redis, 1, original_stream="elsewhere")
    await add_letter(redis, 2)
    replayed = sentistream("dead-letters", "replay", "--all")
    assert replayed.returncode == 1
    assert replayed.stdout == "Put 1 dead letters back into the stream.\n"
    assert replayed.stderr == f"The dead letter {foreign} comes from 'elsewhere', which is no stream of posts here.\n"
    assert await redis.xlen(PARTITION.dead_letters) == 1


def test_a_dead_letter_that_is_not_there_is_named(sentistream: Command) -> None:
    replayed = sentistream("dead-letters", "replay", "1-1")
    assert replayed.returncode == 1
    assert "There is no dead letter 1-1." in replayed.stderr


def test_dropping_needs_ids_or_all(sentistream: Command) -> None:
    assert sentistream("dead-letters", "delete").returncode == 2


async def test_a_migration_without_the_right_is_explained_without_a_traceback(
    postgres: Postgres, pool: Pool, redis_url: str
) -> None:
    async with pool.connection() as connection:
        await connection.execute("CREATE ROLE stranger LOGIN")
    empty = postgres.create_database("not_the_strangers")
    migrated = Command(redis_url, empty.replace("postgres@", "stranger@"))("migrate")
    assert migrated.returncode == 69
    assert migrated.stderr.startswith("The database at ")
    assert "permission denied" in migrated.stderr
    assert "Traceback" not in migrated.stderr


def test_a_revision_that_is_not_there_is_named(sentistream: Command) -> None:
    migrated = sentistream("migrate", "--revision", "nonsense")
    assert migrated.returncode == 2
    assert "nonsense" in migrated.stderr
    assert "Traceback" not in migrated.stderr


def test_migrating_twice_changes_nothing(sentistream: Command) -> None:
    assert sentistream("migrate").returncode == 0
    assert sentistream("migrate").returncode == 0


async def test_a_database_of_a_newer_version_is_left_alone(sentistream: Command, pool: Pool) -> None:
    async with pool.connection() as connection:
        await connection.execute("UPDATE alembic_version SET version_num = '9999'")
    migrated = sentistream("migrate")
    assert migrated.returncode == 0, migrated.stderr
    assert "9999" in migrated.stdout


async def test_forget_removes_a_post_and_all_of_an_author(
    sentistream: Command, processed: Redis, pipeline: LocalPipeline, pool: Pool
) -> None:
    adas = [replace(a_post("by ada"), author="ada") for _ in range(3)]
    await send(processed, adas)
    await drained(processed)
    pipeline.start_upkeep()
    one, *others = adas
    removed = sentistream("forget", "--id", str(one.id))
    assert removed.returncode == 0, removed.stderr
    assert await stored_entries(pool, [one.id]) == {}
    removed = sentistream("forget", "--source", "test", "--author", "ada")
    assert removed.returncode == 0, removed.stderr
    assert await stored_entries(pool, [each.id for each in others]) == {}
    verified = sentistream("verify")
    assert "Nothing is lost or doubled." in verified.stdout, verified.stdout


@pytest.mark.usefixtures("processed")
async def test_forget_says_what_is_missing(sentistream: Command) -> None:
    assert "--source" in sentistream("forget", "--author", "ada").stderr
    assert sentistream("forget", "--id", "ada").returncode == 2
    late = sentistream("forget", "--source", "test", "--author", "ada", "--wait", "1")
    assert (late.returncode, "upkeep" in late.stderr) == (1, True), "nobody deletes rows of authors"
