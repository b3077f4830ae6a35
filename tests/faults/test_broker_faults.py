"""Redis goes away, comes back, comes back empty, stands still, is full, forgets."""

import asyncio
import os
import shutil
import signal
from collections.abc import Awaitable, Callable

from sentistream_core.broker.backlog import measure
from sentistream_core.broker.consumer_group import WORKER_GROUP
from sentistream_core.classified_post import unpublished_posts
from support.oracle import drained, observe
from support.processes import start_worker
from support.streams import PARTITION, TOPOLOGY, a_post, entries, send, send_raw
from support.waiting import eventually
from support.world import World


async def begin(world: World, posts: int = 5_000) -> None:
    """A worker in mid-work."""
    start_worker(world.pipeline, WORKER_BATCH_SIZE="50", WORKER_CLAIM_IDLE_MS="1000", REDIS_TIMEOUT_SECONDS="2")
    world.sent = await send(world.redis, (a_post(f"post {number}") for number in range(posts)))
    await eventually(lambda: observe(world.pool, world.redis), lambda outcome: len(outcome.stored) > 0)


def complaints(world: World) -> int:
    return world.pipeline.programs[0].log.read_text().count("dependency is away")


async def test_broker_killed_and_restarted(world: World) -> None:
    await begin(world)
    await asyncio.to_thread(world.valkey.program.kill)
    await eventually(_complaints(world), lambda number: number > 0)
    await asyncio.to_thread(world.valkey.restart)
    await world.verify(struck=f"{complaints(world)} outage")
    assert complaints(world) <= 2, "one line for each change of state"


async def test_broker_restarted_empty(world: World) -> None:
    """What it forgot is lost with it; the group is made anew, and everything after is processed."""
    await begin(world)
    await asyncio.to_thread(world.valkey.program.kill)
    shutil.rmtree(world.folder)
    world.folder.mkdir()
    await asyncio.to_thread(world.valkey.restart)
    world.may_be_stored, world.sent = world.sent, set()
    world.sent = await send(world.redis, (a_post(f"later {number}") for number in range(1_000)))
    await world.verify(struck="empty" if len(await entries(world.redis, PARTITION.posts)) <= 1_000 else "")


async def test_broker_flushed(world: World) -> None:
    await begin(world)
    waiting = (await measure(world.redis, TOPOLOGY)).backlog
    await world.redis.flushall()
    world.may_be_stored, world.sent = world.sent, set()
    world.sent = await send(world.redis, (a_post(f"later {number}") for number in range(1_000)))
    await world.verify(struck=f"{waiting} waiting went" if waiting else "")


async def test_group_destroyed(world: World) -> None:
    """The group begins at 0 again: what is stored already has no effect."""
    await begin(world)
    assert await world.redis.xgroup_destroy(PARTITION.posts, WORKER_GROUP) == 1
    await eventually(
        lambda: measure(world.redis, TOPOLOGY), lambda backlog: backlog.backlog == 0 and backlog.lag_known, seconds=60
    )
    await world.verify(struck="destroyed")


async def test_broker_paused_10_s(world: World) -> None:
    await begin(world)
    os.kill(world.valkey.program.pid, signal.SIGSTOP)
    try:
        await asyncio.sleep(10)
        struck = f"{complaints(world)} outage" if complaints(world) else ""
    finally:
        os.kill(world.valkey.program.pid, signal.SIGCONT)
    await world.verify(struck)


async def test_broker_out_of_memory(world: World) -> None:
    """What is stored is acknowledged without being published: the work goes on, and a gap stands in its place."""
    await begin(world)
    await send_raw(world.redis, {"content": ""})
    world.sent_bad = {(await entries(world.redis, PARTITION.posts))[-1][0]}
    await world.redis.config_set("maxmemory", "1")
    await drained(world.redis)
    published = [fields for _, fields in await entries(world.redis, PARTITION.processed)]
    gaps = sum(unpublished_posts(fields) for fields in published)
    outcome = await world.verify(struck=f"{gaps} unpublished" if gaps else "")
    assert sum(not unpublished_posts(fields) for fields in published) + gaps == len(outcome.stored)
    await world.redis.config_set("maxmemory", "0")
    world.sent |= await send(world.redis, [a_post("published again")])
    await eventually(lambda: entries(world.redis, PARTITION.processed), lambda found: b"content" in found[-1][1])
    assert complaints(world) == 0


async def test_broker_is_a_replica_for_a_while(world: World) -> None:
    """As after a failover: writes are refused with READONLY."""
    await begin(world)
    await world.redis.replicaof("127.0.0.1", "1")
    await eventually(_complaints(world), lambda number: number > 0)
    log = world.pipeline.programs[0].log.read_text()
    await world.redis.replicaof("NO", "ONE")
    await world.verify(struck="READONLY" if "ReadOnly" in log or "READONLY" in log else "")


async def test_trimming_under_a_backlog(world: World) -> None:
    """The stream is trimmed while most of it is still to be read; nothing unread goes."""
    world.pipeline.start_upkeep(settings={"TRIM_INTERVAL_SECONDS": "0.05", "POSTS_KEEP_SECONDS": "0"})
    start_worker(world.pipeline, WORKER_BATCH_SIZE="20")
    world.sent = await send(world.redis, (a_post(f"post {number}") for number in range(20_000)))
    at_work = await eventually(
        lambda: measure(world.redis, TOPOLOGY), lambda backlog: 0 < backlog.backlog < backlog.length < 20_000
    )
    await world.verify(struck=f"length {at_work.length} at backlog {at_work.backlog}")
    await eventually(lambda: measure(world.redis, TOPOLOGY), lambda backlog: backlog.length < 300)


async def test_lag_unknown(world: World) -> None:
    """An entry deleted from the middle makes the broker forget the lag; the backlog is counted instead."""
    sent = [a_post(f"post {number}") for number in range(1_000)]
    await send(world.redis, sent)
    await world.redis.xgroup_create(PARTITION.posts, WORKER_GROUP, id="0")
    await world.redis.xreadgroup(WORKER_GROUP, "tests", {PARTITION.posts: ">"}, count=10)
    middle = (await entries(world.redis, PARTITION.posts))[500][0]
    await world.redis.xdel(PARTITION.posts, middle)
    measured = await measure(world.redis, TOPOLOGY)
    world.sent = {post.id for post in sent} - {sent[500].id}
    start_worker(world.pipeline, WORKER_CLAIM_IDLE_MS="1000")
    await world.verify(struck="lag is null" if not measured.lag_known else "")
    assert measured.backlog == 999


def _complaints(world: World) -> Callable[[], Awaitable[int]]:
    async def count() -> int:
        return complaints(world)

    return count
