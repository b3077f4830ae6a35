"""The faults of Jetstream servers: nothing is lost, and the cursor never goes back."""

import asyncio
from typing import Any

import pytest
from prometheus_client import REGISTRY

from sentistream_ingester.metrics import THROTTLE_RATIO
from sentistream_ingester.source import UnusableSourceError
from support.bluesky_ingester import Ingester, counted, only_v2
from support.jetstream import Behaviour
from support.streams import PARTITION
from support.waiting import eventually


@pytest.mark.parametrize("then", ["cut", "half_frame", "silent", "1001", "1000", "ConsumerTooSlow"])
async def test_whatever_ends_a_connection_it_goes_on_without_a_gap(ingester: Ingester, then: str) -> None:
    server = ingester.server
    if then == "ConsumerTooSlow" and ingester.settings.bluesky_protocol == "v1":
        return  # it has no error frames
    reasons = {"silent": "silent", "1001": "server_shutdown", "1000": "closed", "ConsumerTooSlow": "too_slow"}
    rise = counted("reconnects", reason=reasons.get(then, "cut"))
    if then == "silent":
        ingester.settings = ingester.settings.model_copy(update={"bluesky_silence_seconds": 1.0})
    server.plan.append(Behaviour(after=3, then=then))
    async with ingester.running():
        await ingester.connected()
        texts = [f"post {number}" for number in range(6)]
        for text in texts:
            server.post(text)
        await ingester.has_exactly(texts)
    assert rise.by >= 1
    assert len(server.asked) >= 2


@pytest.mark.parametrize(
    "behaviour",
    [Behaviour(older=1), Behaviour(swap=True), Behaviour(older=4)],
    ids=["the last event again", "two events exchanged", "much older events"],
)
async def test_events_that_come_again_or_in_another_order_do_not_set_the_cursor_back(
    ingester: Ingester, behaviour: Behaviour
) -> None:
    server = ingester.server
    server.plan.extend([Behaviour(after=4), behaviour])
    async with ingester.running():
        await ingester.connected()
        texts = [f"post {number}" for number in range(8)]
        for text in texts[:4]:
            server.post(text)
        await eventually(ingester.posts, lambda posts: len(posts) >= 4)
        for text in texts[4:]:
            server.post(text)
        await ingester.has_exactly(texts)


async def test_a_server_that_is_not_ready_is_asked_again(ingester: Ingester) -> None:
    server = ingester.server
    server.refusals.extend([(503, "ServiceUnavailable")] * 2)
    rise = counted("reconnects", reason="refused")
    async with ingester.running():
        await ingester.connected(times=3)
        server.post("ready now")
        await ingester.has_exactly(["ready now"])
    assert rise.by == 2


async def test_a_request_that_will_never_be_taken_ends_it_with_what_the_server_says(ingester: Ingester) -> None:
    ingester.server.refusals.append((400, "InvalidRequest"))
    async with ingester.running() as task:
        await asyncio.wait({task}, timeout=20)
    with pytest.raises(UnusableSourceError, match="HTTP 400 InvalidRequest as asked by the test"):
        await task


@only_v2
async def test_a_cursor_that_is_too_old_goes_on_with_the_oldest_and_tells_what_is_missing(ingester: Ingester) -> None:
    server = ingester.server
    async with ingester.running():
        await ingester.connected()
        server.post("before")
        await ingester.has_exactly(["before"])
    server.post("lost")
    server.post("oldest that is kept")
    server.events[0].time_us -= 600_000_000
    server.floor = server.events[-1].seq
    lost = counted("lost_seconds")
    async with ingester.running():
        await ingester.has_exactly(["before", "oldest that is kept"])
    assert lost.by > 0


@only_v2
async def test_another_server_behind_the_same_name_is_asked_by_time(ingester: Ingester) -> None:
    server = ingester.server
    async with ingester.running():
        await ingester.connected()
        server.post("one")
        await ingester.has_exactly(["one"])
        server.renumber()
        await server.cut()
        server.post("two")
        await ingester.connected(times=2)
        server.post("three")
        ingester.cursors.clear()
        await eventually(ingester.posts, lambda posts: set(posts) == {"one", "two", "three"})
        await eventually(ingester.cursor, lambda cursor: cursor == ingester.end)
    times = [int(cursor.partition("@")[2]) for cursor in ingester.cursors]
    assert times == sorted(times)


async def throttle_ratio() -> float | None:
    return REGISTRY.get_sample_value("sentistream_ingester_throttle_ratio", {"source": "bluesky"})


async def test_a_full_backlog_stops_the_reading_and_nothing_is_lost(ingester: Ingester) -> None:
    server = ingester.server
    server.compresses = False
    ingester.settings = ingester.settings.model_copy(update={"ingester_max_backlog": 500})
    texts = [f"post {number} {'.' * 9_900}" for number in range(3_500)]
    THROTTLE_RATIO.labels("bluesky").set(1)
    async with ingester.running():
        await ingester.connected()
        for text in texts[:1_000]:
            server.post(text)
        await eventually(throttle_ratio, lambda ratio: ratio == 0)
        for text in texts[1_000:]:
            server.post(text)
        seen: list[int] = []

        async def pushed() -> list[int]:
            seen.append(server.pushed)
            return seen[-60:]

        # What is on its way: buffers of two sockets, and little in the ingester.
        await eventually(pushed, lambda last: len(last) == 60 and len(set(last)) == 1 and last[0] > 500)
        assert server.pushed < len(texts)
        written: set[str] = set()

        async def worked_off() -> int:
            entries: Any = await ingester.redis.xrange(PARTITION.posts)
            written.update(fields[b"content"].decode() for _, fields in entries)
            if entries:
                await ingester.redis.xdel(PARTITION.posts, *(entry_id for entry_id, _ in entries))
            return len(written)

        await eventually(worked_off, lambda count: count == len(texts), seconds=60)
    assert written == set(texts)
