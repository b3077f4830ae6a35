"""The backlog is what there is to do, whatever was deleted from the stream and whatever the broker says of its lag."""

from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest
from redis.asyncio import Redis

from sentistream_core.broker.backlog import Backlog, measure
from sentistream_core.broker.consumer_group import WORKER_GROUP, Consumer, ensure_group, read_new
from sentistream_local.pipeline import LocalPipeline
from support.oracle import drained
from support.processes import start_worker
from support.streams import PARTITION, TOPOLOGY, a_post, entries, send, send_raw

CONSUMER = Consumer(PARTITION, "tests")


async def begin(redis: Redis, *, posts: int, read: int) -> list[str]:
    """A stream of which the group has read a part; the ids of its entries."""
    await ensure_group(redis, CONSUMER)
    await send(redis, (a_post(f"post {number}") for number in range(posts)))
    if read:
        await read_new(redis, CONSUMER, count=read, block_milliseconds=0)
    return [entry_id for entry_id, _ in await entries(redis, PARTITION.posts)]


def lag(backlog: Backlog) -> tuple[int, bool]:
    return backlog.lag, backlog.lag_known


async def test_undelivered_entries_that_were_trimmed_do_not_wait(redis: Redis) -> None:
    await begin(redis, posts=100, read=10)
    await redis.xtrim(PARTITION.posts, maxlen=20, approximate=False)
    assert lag(await measure(redis, TOPOLOGY)) == (20, True)
    await read_new(redis, CONSUMER, count=15, block_milliseconds=0)
    assert (await measure(redis, TOPOLOGY)).lag == 5
    await read_new(redis, CONSUMER, count=5, block_milliseconds=0)
    assert lag(await measure(redis, TOPOLOGY)) == (0, True)


@pytest.mark.parametrize(
    ("pending", "undelivered", "expected"),
    [
        ("2026-05-04T03:02:01Z", "2026-05-04T04:00:00Z", datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)),
        ("2026-05-04T04:00:00Z", "2026-05-04T03:02:01Z", datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", "2099-01-01T00:00:00Z", None),
        ("yesterday", "", None),
    ],
)
async def test_figures_are_complete_until_the_oldest_waiting_post_was_written(
    redis: Redis, pending: str, undelivered: str, expected: datetime | None
) -> None:
    """Read already or not; until it came, if it cannot have been written then."""
    await ensure_group(redis, CONSUMER)
    assert (await measure(redis, TOPOLOGY)).complete_until is None
    first = await send_raw(redis, {"content": "in work", "created_at": pending})
    await read_new(redis, CONSUMER, count=1, block_milliseconds=0)
    await send_raw(redis, {"content": "waits", "created_at": undelivered})
    came_at = datetime.fromtimestamp(int(first.partition("-")[0]) / 1000, UTC)
    assert (await measure(redis, TOPOLOGY)).complete_until == (expected or came_at)


async def test_a_stream_that_was_emptied_has_no_lag(redis: Redis) -> None:
    ids = await begin(redis, posts=10, read=4)
    await redis.xdel(PARTITION.posts, *ids)
    assert lag(await measure(redis, TOPOLOGY)) == (0, True)


async def test_the_newest_entries_were_deleted(redis: Redis) -> None:
    ids = await begin(redis, posts=10, read=6)
    await redis.xdel(PARTITION.posts, *ids[6:])
    assert lag(await measure(redis, TOPOLOGY)) == (0, True)


async def test_entries_deleted_from_the_middle_make_the_lag_unknown_until_they_are_passed(redis: Redis) -> None:
    ids = await begin(redis, posts=10, read=2)
    await redis.xdel(PARTITION.posts, ids[4], ids[5])
    assert lag(await measure(redis, TOPOLOGY)) == (6, False)
    await read_new(redis, CONSUMER, count=6, block_milliseconds=0)
    assert lag(await measure(redis, TOPOLOGY)) == (0, True)


async def test_the_lag_is_never_below_what_waits_nor_above_what_is_there(redis: Redis) -> None:
    """Any order of writing, reading, deleting and trimming."""
    for seed in range(30):
        random = Random(seed)
        await redis.flushdb()
        await ensure_group(redis, CONSUMER)
        for _ in range(20):
            await _change(redis, random)
            delivered = (await redis.xinfo_groups(PARTITION.posts))[0]["last-delivered-id"]
            undelivered: Any = await redis.xrange(PARTITION.posts, min=b"(" + delivered)
            waiting = len(undelivered)
            measured = await measure(redis, TOPOLOGY)
            assert waiting <= measured.lag <= measured.length, f"seed {seed}"
            if waiting in (0, measured.length):
                assert measured.lag == waiting, f"seed {seed}"


async def _change(redis: Redis, random: Random) -> None:
    ids = [entry_id for entry_id, _ in await entries(redis, PARTITION.posts)]
    match random.choice(["write", "write", "read", "read", "delete", "trim", "empty"]):
        case "write":
            await send(redis, (a_post("x") for _ in range(random.randint(1, 5))))
        case "read":
            await read_new(redis, CONSUMER, count=random.randint(1, 4), block_milliseconds=0)
        case "delete" if ids:
            await redis.xdel(PARTITION.posts, *random.sample(ids, random.randint(1, len(ids))))
        case "trim":
            await redis.xtrim(PARTITION.posts, maxlen=random.randint(0, 4), approximate=False)
        case "empty":
            await redis.xtrim(PARTITION.posts, maxlen=0, approximate=False)


async def test_pending_entries_that_were_deleted_leave_the_list(pipeline: LocalPipeline, redis: Redis) -> None:
    """Read by a worker that is gone, once or more often, and deleted from the stream before another takes them over."""
    ids = await begin(redis, posts=6, read=6)
    await redis.xclaim(PARTITION.posts, WORKER_GROUP, "another", 0, [*ids[:2]])  # a second delivery
    await redis.xdel(PARTITION.posts, *ids[:2], *ids[3:])
    start_worker(pipeline, WORKER_CLAIM_IDLE_MS="1000")
    await drained(redis)
    assert (await redis.xpending(PARTITION.posts, WORKER_GROUP))["pending"] == 0
    assert (await measure(redis, TOPOLOGY)).oldest_unprocessed_seconds == 0


async def test_own_pending_entries_that_were_deleted_leave_the_list(pipeline: LocalPipeline, redis: Redis) -> None:
    """A container that restarts under its name takes up what it left at once."""
    ids = await begin(redis, posts=3, read=0)
    await read_new(redis, Consumer(PARTITION, "worker-1"), count=3, block_milliseconds=0)
    await redis.xdel(PARTITION.posts, *ids)
    start_worker(pipeline, WORKER_CLAIM_IDLE_MS="3600000")
    await drained(redis)
