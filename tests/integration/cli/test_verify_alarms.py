"""`verify` never calls lost or doubled what is not, whatever happens around it."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from redis.asyncio import Redis

from sentistream_core.broker.consumer_group import Consumer, ensure_group, read_new
from sentistream_core.broker.dead_letters import (
    delete_dead_letters,
    list_dead_letters,
    replay_dead_letter,
    resolved_entries,
)
from sentistream_core.broker.stream_fields import stream_fields
from sentistream_core.database.pool import Pool
from sentistream_core.database.retention import expire_posts
from sentistream_local.pipeline import LocalPipeline
from support.command import Command
from support.oracle import drained
from support.processes import start_worker
from support.streams import PARTITION, TOPOLOGY, a_post, entries, send, send_raw

pytestmark = pytest.mark.usefixtures("worked")


@pytest.fixture
async def worked(pipeline: LocalPipeline, redis: Redis) -> None:
    """Some posts and dead letters, whose entries are still in the stream, and no worker any more."""
    await send(redis, [a_post(f"post {number}") for number in range(20)])
    for _ in range(3):
        await send_raw(redis, {"content": ""})
    worker = start_worker(pipeline)
    await drained(redis)
    worker.stop()


async def letters(redis: Redis) -> Sequence[str]:
    return [each.id for each in await list_dead_letters(redis, TOPOLOGY, limit=100)]


def is_clean(sentistream: Command) -> bool:
    verified = sentistream("verify")
    assert verified.returncode in {0, 1}, verified.stderr
    return verified.returncode == 0


async def test_deleted_dead_letters_are_not_lost(sentistream: Command, redis: Redis) -> None:
    assert await delete_dead_letters(redis, TOPOLOGY, await letters(redis)) == 3
    assert is_clean(sentistream)


async def test_replayed_dead_letters_are_not_lost_wherever_they_are(
    sentistream: Command, pipeline: LocalPipeline, redis: Redis
) -> None:
    for letter_id in await letters(redis):
        await replay_dead_letter(redis, TOPOLOGY, letter_id)
    assert is_clean(sentistream), "undelivered"
    consumer = Consumer(PARTITION, "worker-1")
    await read_new(redis, consumer, count=1, block_milliseconds=0)
    assert is_clean(sentistream), "one pending"
    start_worker(pipeline)
    await drained(redis)
    assert is_clean(sentistream), "dead letters again"


async def test_a_letter_that_was_deleted_by_hand_is_missed(sentistream: Command, redis: Redis) -> None:
    """Nobody can tell it from one that was never written."""
    await redis.xtrim(PARTITION.dead_letters, maxlen=0)
    assert not is_clean(sentistream)


async def test_posts_that_retention_deleted_are_not_lost(sentistream: Command, pool: Pool) -> None:
    assert await expire_posts(pool, age=timedelta(0), limit=5) >= 5
    assert is_clean(sentistream)


async def test_a_dead_letter_with_the_id_of_a_stored_post_is_not_doubled(
    sentistream: Command, pipeline: LocalPipeline, redis: Redis
) -> None:
    [(_, fields), *_] = await entries(redis, PARTITION.posts)
    await send_raw(redis, {"id": fields[b"id"], "content": "please raise"})
    start_worker(pipeline)
    await drained(redis)
    assert len(await letters(redis)) == 4
    assert is_clean(sentistream)


async def test_a_post_that_is_a_dead_letter_as_well_is_doubled(sentistream: Command, redis: Redis) -> None:
    [(entry_id, _), *_] = await entries(redis, PARTITION.posts)
    fields = {"reason": "too_many_deliveries", "detail": "", "attempts": "6", "original_stream": PARTITION.posts}
    fields |= {"original_id": entry_id, "failed_at": "2026-05-04T03:02:01+00:00"}
    await redis.xadd(PARTITION.dead_letters, stream_fields(fields))
    verified = sentistream("verify")
    assert f"Doubled: {entry_id}" in verified.stdout


async def test_notes_of_deleted_letters_do_not_outlive_their_entries(redis: Redis) -> None:
    first, *others = await letters(redis)
    await delete_dead_letters(redis, TOPOLOGY, [first])
    assert len(await resolved_entries(redis, PARTITION)) == 1
    await redis.xtrim(PARTITION.posts, maxlen=0)
    await send_raw(redis, {"content": "the next one"})
    await delete_dead_letters(redis, TOPOLOGY, others)
    assert await resolved_entries(redis, PARTITION) == set()


async def test_a_stream_that_nobody_has_read_is_clean(sentistream: Command, redis: Redis) -> None:
    await redis.delete(PARTITION.posts)
    assert is_clean(sentistream)
    await send(redis, [a_post("waits")])
    assert is_clean(sentistream)
    await ensure_group(redis, Consumer(PARTITION, "worker-1"))
    assert is_clean(sentistream)
