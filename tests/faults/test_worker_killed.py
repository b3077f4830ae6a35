"""Workers that end in mid-work."""

import asyncio
from urllib.request import urlopen

import pytest

from sentistream_core.broker.consumer_group import WORKER_GROUP
from sentistream_local.pipeline import answers
from support.oracle import drained, is_drained, observe
from support.processes import start_module, start_worker
from support.streams import PARTITION, a_post, send, send_raw
from support.system_under_test import SystemUnderTest
from support.waiting import eventually

POSTS = 2_000


@pytest.mark.parametrize(
    "point", ["after_read", "after_inference", "after_commit", "in_transaction", "after_acknowledgement"]
)
async def test_worker_killed(system: SystemUnderTest, point: str) -> None:
    system.name = f"worker killed {point.replace('_', ' ')}"
    system.sent = await send(system.redis, (a_post(f"post {number}") for number in range(POSTS)))
    evidence = await system.kill_worker(point, WORKER_BATCH_SIZE="100")
    # Another pod takes over: it has another name, so that it must wait until the entries are abandoned.
    start_worker(system.pipeline, "worker-2", WORKER_CLAIM_IDLE_MS="1000")
    await system.verify(evidence)


async def test_worker_restarted_in_place(system: SystemUnderTest) -> None:
    """A container that restarts keeps the pod's name, and takes up its own entries at once."""
    system.sent = await send(system.redis, (a_post(f"post {number}") for number in range(POSTS)))
    evidence = await system.kill_worker("after_commit")
    start_worker(system.pipeline, "worker-1", WORKER_CLAIM_IDLE_MS="3600000")
    await system.verify(evidence)


async def test_three_workers_become_one(system: SystemUnderTest) -> None:
    for number in (1, 2, 3):
        start_worker(system.pipeline, f"worker-{number}", WORKER_BATCH_SIZE="20")
    system.sent = await send(system.redis, (a_post(f"post {number}") for number in range(10_000)))
    await eventually(lambda: observe(system.pool, system.redis), lambda outcome: len(outcome.stored) > 500)
    statuses = [await asyncio.to_thread(program.stop) for program in system.pipeline.programs[1:]]
    interrupted = await observe(system.pool, system.redis)
    evidence = f"exit {statuses} after {len(interrupted.stored)}" if len(interrupted.stored) < len(system.sent) else ""
    await system.verify(evidence)
    assert statuses == [0, 0]


async def test_post_that_kills_its_worker(system: SystemUnderTest) -> None:
    """It is found in its batch and given up; the rest of the batch is stored."""
    system.sent = await send(system.redis, (a_post(f"post {number}") for number in range(150)))
    system.sent_bad = {await send_raw(system.redis, {"content": "die"})}
    system.sent |= await send(system.redis, (a_post(f"post {number}") for number in range(150)))
    deaths = 0
    while True:
        worker = start_module(
            system.pipeline,
            "support.worker",
            "worker-1",
            settings={"WORKER_BATCH_SIZE": "100", "WORKER_MAX_DELIVERIES": "3"},
        )
        await eventually(
            lambda: is_drained(system.redis),
            lambda drained, worker=worker: drained or not worker.is_running,  # type: ignore[misc]
            seconds=120,
        )
        if worker.is_running:
            break
        deaths += 1
        assert deaths <= 4, "the post was to be given up after three deliveries"
    await system.verify(evidence=f"{deaths} deaths")
    assert deaths == 3


def slowest_classification(system: SystemUnderTest) -> float:
    """Seconds that a batch took on average in the slowest worker."""
    means = []
    for url in system.pipeline.operations_urls.values():
        with urlopen(f"{url}/metrics") as response:  # noqa: S310 (always http to this machine)
            lines = response.read().decode().splitlines()
        seconds, batches = (
            next(
                float(line.split()[-1])
                for line in lines
                if line.startswith(f'sentistream_stage_seconds_{part}{{stage="classify"')
            )
            for part in ("sum", "count")
        )
        means.append(seconds / batches)
    return max(means)


async def test_batch_slower_than_the_claim_idle_time(system: SystemUnderTest) -> None:
    """A worker that is slow keeps its entries: no other one takes them over."""
    for number in (1, 2):
        start_worker(system.pipeline, f"worker-{number}", WORKER_CLAIM_IDLE_MS="1000", WORKER_BATCH_SIZE="30")
    system.sent = await send(system.redis, (a_post("sleep") for _ in range(120)))
    await drained(system.redis)
    slowest = await asyncio.to_thread(slowest_classification, system)
    outcome = await system.verify(evidence=f"a batch took {slowest:.1f} s" if slowest > 1 else "")
    assert await system.redis.xlen(PARTITION.processed) == len(outcome.stored), "published once each"
    assert not any("took over" in program.log.read_text() for program in system.pipeline.programs)


async def test_dead_letters_flood(system: SystemUnderTest) -> None:
    """The worker pauses, says so, and goes on: every letter is kept."""
    for number in range(300):
        system.sent_bad.add(await send_raw(system.redis, {"content": "", "number": str(number)}))
    system.sent = await send(system.redis, [a_post("after the flood")])
    worker = start_worker(
        system.pipeline, WORKER_FLOOD_WINDOW="100", WORKER_BATCH_SIZE="20", WORKER_FLOOD_PAUSE_SECONDS="2"
    )
    url = f"{system.pipeline.operations_urls['worker-1']}/readyz"

    async def is_ready() -> bool:
        return await asyncio.to_thread(answers, url)

    await eventually(is_ready, lambda ready: not ready)
    await eventually(is_ready, bool)
    await system.verify(evidence="paused" if "dead letters flood, pausing" in worker.log.read_text() else "")


async def test_dead_letter_cannot_be_written(system: SystemUnderTest) -> None:
    """It is not acknowledged, and written once the stream can be written again."""
    await system.redis.set(PARTITION.dead_letters, "in the way")
    system.sent_bad = {await send_raw(system.redis, {"content": ""})}
    worker = start_worker(system.pipeline)

    async def said() -> str:
        return worker.log.read_text()

    await eventually(said, lambda log: "WRONGTYPE" in log)
    pending = await system.redis.xpending(PARTITION.posts, WORKER_GROUP)
    await system.redis.delete(PARTITION.dead_letters)
    system.sent = await send(system.redis, [a_post("afterwards")])
    await system.verify(evidence="WRONGTYPE" if pending["pending"] == 1 else "")
