"""What upkeep removes from a real broker, and what it leaves alone."""

import asyncio
from pathlib import Path

from pydantic import AnyUrl
from redis.asyncio import Redis

from sentistream_core.broker.client import connect
from sentistream_core.broker.consumer_group import WORKER_GROUP, Consumer, ensure_group, list_consumers, read_new
from sentistream_core.database.pool import Pool
from sentistream_local.valkey import Valkey
from sentistream_upkeep.duties.consumers import remove_idle_consumers
from sentistream_upkeep.duties.trimming import trim_older_than, trim_processed, trim_streams
from sentistream_upkeep.duty import Tools
from sentistream_upkeep.settings import UpkeepSettings
from support.streams import PARTITION, a_post, entries, send


def consumer(name: str) -> Consumer:
    return Consumer(PARTITION, name)


async def test_only_idle_consumers_that_hold_nothing_are_removed(redis: Redis) -> None:
    await ensure_group(redis, consumer("me"))
    await send(redis, [a_post("held")])
    await read_new(redis, consumer("holds-one"), count=1, block_milliseconds=0)
    await read_new(redis, consumer("gone"), count=1, block_milliseconds=0)
    await asyncio.sleep(0.01)  # idle is what this is about
    removed = await remove_idle_consumers(redis, PARTITION, idle_seconds=0.001)
    assert removed == ["gone"]
    left = {each.name: each.pending for each in await list_consumers(redis, PARTITION)}
    assert left == {"holds-one": 1}


async def test_a_consumer_that_asked_lately_stays(redis: Redis) -> None:
    await ensure_group(redis, consumer("me"))
    await read_new(redis, consumer("young"), count=1, block_milliseconds=0)
    assert await remove_idle_consumers(redis, PARTITION, idle_seconds=60) == []


async def test_trimming_leaves_what_any_group_needs(redis: Redis) -> None:
    await send(redis, (a_post(f"post {number}") for number in range(1_000)))
    await ensure_group(redis, consumer("me"))
    other = Consumer(PARTITION, "me", "somebody_else")
    await ensure_group(redis, other)
    mine = await read_new(redis, consumer("me"), count=1_000, block_milliseconds=0)
    await redis.xack(PARTITION.posts, WORKER_GROUP, *(entry.id for entry in mine))
    theirs = await read_new(redis, other, count=500, block_milliseconds=0)
    await redis.xack(PARTITION.posts, "somebody_else", *(entry.id for entry in theirs[:400]))
    assert await trim_processed(redis, PARTITION.posts, keep_seconds=-60) > 0
    left = [entry_id for entry_id, _ in await entries(redis, PARTITION.posts)]
    assert set(left) >= {entry.id for entry in mine[400:]}


async def test_trimming_waits_out_the_time_to_keep(redis: Redis) -> None:
    await send(redis, (a_post(f"post {number}") for number in range(500)))
    await ensure_group(redis, consumer("me"))
    read = await read_new(redis, consumer("me"), count=500, block_milliseconds=0)
    await redis.xack(PARTITION.posts, WORKER_GROUP, *(entry.id for entry in read))
    assert await trim_processed(redis, PARTITION.posts, keep_seconds=3_600) == 0


async def test_what_is_done_goes_at_once_when_the_broker_is_nearly_full(server_folder: Path, pool: Pool) -> None:
    """What is kept for whoever looks must not be what posts are refused for."""
    server = Valkey(server_folder / "nearly-full", server_folder / "nearly-full.log")
    settings = UpkeepSettings(redis_url=AnyUrl(server.url), posts_keep_seconds=3_600, metrics_port=0)
    try:
        async with connect(settings, "tests") as redis:
            await send(redis, (a_post(f"post {number}") for number in range(500)))
            await ensure_group(redis, consumer("me"))
            read = await read_new(redis, consumer("me"), count=500, block_milliseconds=0)
            await redis.xack(PARTITION.posts, WORKER_GROUP, *(entry.id for entry in read))
            duty = trim_streams(Tools(settings, redis, pool))
            await duty.run()
            assert await redis.xlen(PARTITION.posts) == 500
            used = (await redis.info("memory"))["used_memory"]
            await redis.config_set("maxmemory", str(int(used / 0.95)))
            await duty.run()
            assert await redis.xlen(PARTITION.posts) < 500
    finally:
        server.stop()


async def test_a_missing_stream_and_a_stream_without_groups_are_left_alone(redis: Redis) -> None:
    assert await trim_processed(redis, PARTITION.posts, keep_seconds=0) == 0
    await send(redis, (a_post(f"post {number}") for number in range(500)))
    assert await trim_processed(redis, PARTITION.posts, keep_seconds=0) == 0


async def test_the_processed_stream_is_trimmed_by_age(redis: Redis) -> None:
    async with redis.pipeline() as writes:
        for number in range(500):
            writes.xadd(PARTITION.processed, {"content": "old"}, id=f"1000-{number}")
        writes.xadd(PARTITION.processed, {"content": "new"})
        await writes.execute()
    assert await trim_older_than(redis, PARTITION.processed, seconds=3_600) > 0
    assert [fields for _, fields in await entries(redis, PARTITION.processed)][-1] == {b"content": b"new"}
