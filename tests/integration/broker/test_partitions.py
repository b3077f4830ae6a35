"""Several partitions: each post has one stream to go through, and figures are of all of them."""

import asyncio
import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

import pytest
from redis.asyncio import Redis

from sentistream_api.monitoring.sample import take_sample
from sentistream_api.submission.new_post import NewPost
from sentistream_api.submission.submission import Submission
from sentistream_core.broker.backlog import measure, measure_partition
from sentistream_core.broker.consumer_group import Consumer, Entry, ensure_group, read_new
from sentistream_core.broker.dead_letters import (
    UnknownStreamError,
    count_dead_letters,
    delete_dead_letters,
    find_dead_letter,
    list_dead_letters,
    replay_dead_letter,
    resolved_entries,
)
from sentistream_core.broker.topology import Partition, Topology
from sentistream_core.broker.workers import WORKERS_KEY
from sentistream_core.classified_post import ProcessedPost
from sentistream_core.tracing import NO_TRACING
from sentistream_ingester.broker import Broker
from sentistream_ingester.writer import StreamWriter
from sentistream_worker.pipeline.acknowledgement import publish, write_dead_letters
from sentistream_worker.pipeline.decoding import as_dead_letter
from support.dead_letters import add_letter
from support.posts import a_classified_post
from support.streams import a_post, entries

TOPOLOGY = Topology.of(3)
FIRST, SECOND, THIRD = TOPOLOGY.partitions


async def ids_of(redis: Redis, stream: str) -> list[UUID]:
    return [UUID(fields[b"id"].decode()) for _, fields in await entries(redis, stream)]


async def letter_ids(redis: Redis, *, limit: int = 100, before: str | None = None) -> list[str]:
    return [each.id for each in await list_dead_letters(redis, TOPOLOGY, limit=limit, before=before)]


async def test_an_ingester_writes_each_post_to_the_stream_of_its_id(redis: Redis) -> None:
    posts = [a_post(f"post {number}") for number in range(60)]
    writer = StreamWriter(Broker(redis, give_up=asyncio.Event()), TOPOLOGY, NO_TRACING, source="test")
    await writer.write(posts)
    assert (writer.sent, writer.in_hand) == (60, 0)
    for partition, part in TOPOLOGY.spread(posts).items():
        assert await ids_of(redis, partition.posts) == [post.id for post in part]


async def test_the_api_writes_each_post_to_the_stream_of_its_id_and_answers_in_order(redis: Redis) -> None:
    posts = [NewPost(id=a_post("").id, content=f"post {number}") for number in range(60)]
    ids = await Submission(redis, TOPOLOGY, NO_TRACING).submit(posts, traceparent=None)
    assert ids == [post.id for post in posts]
    for partition in TOPOLOGY.partitions:
        written = await ids_of(redis, partition.posts)
        assert written == [each for each in ids if TOPOLOGY.partition_of(each) == partition]


async def test_what_waits_is_what_waits_in_all_partitions(redis: Redis) -> None:
    await write(redis, FIRST, 3)
    await write(redis, THIRD, 5)
    await read(redis, THIRD, "worker-1", 2)
    measured = await measure(redis, TOPOLOGY)
    assert (measured.length, measured.lag, measured.pending, measured.backlog) == (8, 6, 2, 8)
    of_each = [await measure_partition(redis, each) for each in TOPOLOGY.partitions]
    assert [each.backlog for each in of_each] == [3, 0, 5]


async def test_a_sample_counts_a_worker_once_whatever_it_reads(redis: Redis) -> None:
    await write(redis, FIRST, 3)
    await write(redis, SECOND, 4)
    await read(redis, FIRST, "worker-1", 1)
    await read(redis, SECOND, "worker-1", 2)
    await read(redis, SECOND, "worker-2", 1)
    await redis.hset(WORKERS_KEY, "worker-1", json.dumps({"capacity": 500.0, "rate": 3.0, "seen": time.time()}))
    await add_letter(redis, partition=FIRST)
    await add_letter(redis, partition=THIRD)
    sample = await take_sample(redis, TOPOLOGY)
    assert (sample.added, sample.dead_letters, sample.backlog.backlog) == (7, 2, 7)
    assert {each.name: each.pending for each in sample.consumers} == {"worker-1": 3, "worker-2": 1}
    assert {each.name: each.posts_per_second for each in sample.consumers} == {"worker-1": 3.0, "worker-2": None}
    assert [each.added for each in sample.partitions] == [3, 4, 0]


async def test_an_entry_ends_in_its_own_partition(redis: Redis) -> None:
    await write(redis, SECOND, 2)
    consumer = Consumer(SECOND, "worker-1")
    bad, good = await read(redis, SECOND, "worker-1", 2)
    await write_dead_letters(redis, consumer, [as_dead_letter(bad, "no_content", "", datetime.now(UTC))])
    processed = ProcessedPost(a_classified_post(), datetime.now(UTC))
    await publish(redis, consumer, [processed], removed=[], entry_ids=[good.id], keep_entries=1_000)
    assert await ids_of(redis, SECOND.processed) == [processed.classified.post.id]
    [letter] = await list_dead_letters(redis, TOPOLOGY, limit=10)
    assert (letter.id.partition("@")[2], letter.letter.original_stream) == ("p1", SECOND.posts)
    assert await redis.xlen(SECOND.dead_letters) == await count_dead_letters(redis, TOPOLOGY) == 1
    assert (await measure(redis, TOPOLOGY)).backlog == 0


async def test_letters_of_all_partitions_are_listed_newest_first_and_page_by_page(redis: Redis) -> None:
    for partition, entry_id in ((FIRST, "1-0"), (FIRST, "7-0"), (SECOND, "7-0"), (THIRD, "7-0"), (THIRD, "9-0")):
        await add_letter(redis, partition=partition, entry_id=entry_id)
    expected = ["9-0@p2", "7-0@p0", "7-0@p1", "7-0@p2", "1-0@p0"]
    assert await letter_ids(redis) == expected
    paged: list[str] = []
    while page := await letter_ids(redis, limit=1, before=paged[-1] if paged else None):
        paged += page
    assert paged == expected
    assert await letter_ids(redis, before="7-0@p9") == ["1-0@p0"], "of a partition that is no more"


async def test_a_letter_is_told_from_one_of_the_same_entry_id(redis: Redis) -> None:
    for partition, text in ((FIRST, b"first"), (SECOND, b"second")):
        await add_letter(redis, partition=partition, entry_id="7-0", fields={b"content": text})
    found = await find_dead_letter(redis, TOPOLOGY, "7-0@p1")
    assert found
    assert (found.id, found.letter.fields[b"content"]) == ("7-0@p1", b"second")
    assert await delete_dead_letters(redis, TOPOLOGY, ["7-0@p1", "7-0@p2", "7-0"]) == 1
    assert await letter_ids(redis) == ["7-0@p0"]


async def test_a_replay_goes_back_to_the_stream_that_the_entry_came_from(redis: Redis) -> None:
    post_id = a_post("").id
    came_from = next(each for each in TOPOLOGY.partitions if each != TOPOLOGY.partition_of(post_id))
    [original] = await write(redis, came_from, 1)
    fields = {b"id": str(post_id).encode(), b"content": b"text"}
    letter_id = await add_letter(redis, int(original.partition("-")[0]), fields, partition=came_from)
    new_entry = await replay_dead_letter(redis, TOPOLOGY, f"{letter_id}@{came_from.tag}")
    assert [entry_id for entry_id, _ in await entries(redis, came_from.posts)] == [original, new_entry]
    assert await resolved_entries(redis, came_from) == {f"{original.partition('-')[0]}-0"}
    assert await letter_ids(redis) == []


async def test_a_letter_of_a_stream_that_nobody_reads_stays(redis: Redis) -> None:
    letter_id = await add_letter(redis, partition=FIRST, original_stream="elsewhere")
    with pytest.raises(UnknownStreamError, match="elsewhere"):
        await replay_dead_letter(redis, TOPOLOGY, f"{letter_id}@p0")
    assert await letter_ids(redis) == [f"{letter_id}@p0"]
    assert not await redis.exists("elsewhere")


async def write(redis: Redis, partition: Partition, number: int) -> list[str]:
    """Write so many entries to the partition; their ids."""
    for _ in range(number):
        await redis.xadd(partition.posts, {"content": "x"})
    return [entry_id for entry_id, _ in await entries(redis, partition.posts)]


async def read(redis: Redis, partition: Partition, name: str, count: int) -> Sequence[Entry]:
    await ensure_group(redis, Consumer(partition, name))
    return await read_new(redis, Consumer(partition, name), count=count, block_milliseconds=0)
