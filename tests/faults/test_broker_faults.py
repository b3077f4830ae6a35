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
from support.system_under_test import SystemUnderTest
from support.waiting import eventually


async def begin(system: SystemUnderTest, posts: int = 5_000) -> None:
    """A worker in mid-work."""
    start_worker(system.pipeline, WORKER_BATCH_SIZE="50", WORKER_CLAIM_IDLE_MS="1000", REDIS_TIMEOUT_SECONDS="2")
    system.sent = await send(system.redis, (a_post(f"post {number}") for number in range(posts)))
    await eventually(lambda: observe(system.pool, system.redis), lambda outcome: len(outcome.stored) > 0)


def complaints(system: SystemUnderTest) -> int:
    return system.pipeline.programs[0].log.read_text().count("dependency is away")


async def test_broker_killed_and_restarted(system: SystemUnderTest) -> None:
    await begin(system)
    await asyncio.to_thread(system.valkey.program.kill)
    await eventually(_complaints(system), lambda number: number > 0)
    await asyncio.to_thread(system.valkey.restart)
    await system.verify(evidence=f"{complaints(system)} outage")
    assert complaints(system) <= 2, "one line for each change of state"


async def test_broker_restarted_empty(system: SystemUnderTest) -> None:
    """What it forgot is lost with it; the group is made anew, and everything after is processed."""
    await begin(system)
    await asyncio.to_thread(system.valkey.program.kill)
    shutil.rmtree(system.folder)
    system.folder.mkdir()
    await asyncio.to_thread(system.valkey.restart)
    system.may_be_stored, system.sent = system.sent, set()
    system.sent = await send(system.redis, (a_post(f"later {number}") for number in range(1_000)))
    await system.verify(evidence="empty" if len(await entries(system.redis, PARTITION.posts)) <= 1_000 else "")


async def test_broker_flushed(system: SystemUnderTest) -> None:
    await begin(system)
    waiting = (await measure(system.redis, TOPOLOGY)).backlog
    await system.redis.flushall()
    system.may_be_stored, system.sent = system.sent, set()
    system.sent = await send(system.redis, (a_post(f"later {number}") for number in range(1_000)))
    await system.verify(evidence=f"{waiting} waiting went" if waiting else "")


async def test_group_destroyed(system: SystemUnderTest) -> None:
    """The group begins at 0 again: what is stored already has no effect."""
    await begin(system)
    assert await system.redis.xgroup_destroy(PARTITION.posts, WORKER_GROUP) == 1
    await eventually(
        lambda: measure(system.redis, TOPOLOGY), lambda backlog: backlog.backlog == 0 and backlog.lag_known, seconds=60
    )
    await system.verify(evidence="destroyed")


async def test_broker_paused_10_s(system: SystemUnderTest) -> None:
    await begin(system)
    os.kill(system.valkey.program.pid, signal.SIGSTOP)
    try:
        await asyncio.sleep(10)
        evidence = f"{complaints(system)} outage" if complaints(system) else ""
    finally:
        os.kill(system.valkey.program.pid, signal.SIGCONT)
    await system.verify(evidence)


async def test_broker_out_of_memory(system: SystemUnderTest) -> None:
    """What is stored is acknowledged without being published: the work goes on, and a gap stands in its place."""
    await begin(system)
    await send_raw(system.redis, {"content": ""})
    system.sent_bad = {(await entries(system.redis, PARTITION.posts))[-1][0]}
    await system.redis.config_set("maxmemory", "1")
    await drained(system.redis)
    published = [fields for _, fields in await entries(system.redis, PARTITION.processed)]
    gaps = sum(unpublished_posts(fields) for fields in published)
    outcome = await system.verify(evidence=f"{gaps} unpublished" if gaps else "")
    assert sum(not unpublished_posts(fields) for fields in published) + gaps == len(outcome.stored)
    await system.redis.config_set("maxmemory", "0")
    system.sent |= await send(system.redis, [a_post("published again")])
    await eventually(lambda: entries(system.redis, PARTITION.processed), lambda found: b"content" in found[-1][1])
    assert complaints(system) == 0


async def test_broker_is_a_replica_for_a_while(system: SystemUnderTest) -> None:
    """As after a failover: writes are refused with READONLY."""
    await begin(system)
    await system.redis.replicaof("127.0.0.1", "1")
    await eventually(_complaints(system), lambda number: number > 0)
    log = system.pipeline.programs[0].log.read_text()
    await system.redis.replicaof("NO", "ONE")
    await system.verify(evidence="READONLY" if "ReadOnly" in log or "READONLY" in log else "")


async def test_trimming_under_a_backlog(system: SystemUnderTest) -> None:
    """The stream is trimmed while most of it is still to be read; nothing unread goes."""
    system.pipeline.start_upkeep(settings={"TRIM_INTERVAL_SECONDS": "0.05", "POSTS_KEEP_SECONDS": "0"})
    start_worker(system.pipeline, WORKER_BATCH_SIZE="20")
    system.sent = await send(system.redis, (a_post(f"post {number}") for number in range(20_000)))
    at_work = await eventually(
        lambda: measure(system.redis, TOPOLOGY), lambda backlog: 0 < backlog.backlog < backlog.length < 20_000
    )
    await system.verify(evidence=f"length {at_work.length} at backlog {at_work.backlog}")
    await eventually(lambda: measure(system.redis, TOPOLOGY), lambda backlog: backlog.length < 300)


async def test_lag_unknown(system: SystemUnderTest) -> None:
    """An entry deleted from the middle makes the broker forget the lag; the backlog is counted instead."""
    sent = [a_post(f"post {number}") for number in range(1_000)]
    await send(system.redis, sent)
    await system.redis.xgroup_create(PARTITION.posts, WORKER_GROUP, id="0")
    await system.redis.xreadgroup(WORKER_GROUP, "tests", {PARTITION.posts: ">"}, count=10)
    middle = (await entries(system.redis, PARTITION.posts))[500][0]
    await system.redis.xdel(PARTITION.posts, middle)
    measured = await measure(system.redis, TOPOLOGY)
    system.sent = {post.id for post in sent} - {sent[500].id}
    start_worker(system.pipeline, WORKER_CLAIM_IDLE_MS="1000")
    await system.verify(evidence="lag is null" if not measured.lag_known else "")
    assert measured.backlog == 999


def _complaints(system: SystemUnderTest) -> Callable[[], Awaitable[int]]:
    async def count() -> int:
        return complaints(system)

    return count
