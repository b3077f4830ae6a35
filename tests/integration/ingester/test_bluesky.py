"""The Bluesky source and the faults of Jetstream servers: nothing is lost, and the cursor never goes back."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from prometheus_client import REGISTRY
from pydantic import AnyUrl
from redis.asyncio import Redis

from sentistream_core.change import AuthorRemoval, Change, Deletion, decode_change
from sentistream_core.post import Post
from sentistream_ingester.languages import chosen_languages
from sentistream_ingester.metrics import THROTTLE_RATIO
from sentistream_ingester.progress import LogProgress
from sentistream_ingester.run import run
from sentistream_ingester.source import UnusableSourceError
from sentistream_ingester.sources.bluesky.protocols import PROTOCOLS
from sentistream_ingester.sources.bluesky.settings import BlueskySettings
from sentistream_ingester.sources.bluesky.source import Bluesky
from support.jetstream import DID, POSTS, Behaviour, FakeJetstream, jetstream, tid
from support.streams import PARTITION
from support.waiting import eventually


@dataclass
class Ingester:
    """Runs in this process, over the real broker."""

    server: FakeJetstream
    redis: Redis
    settings: BlueskySettings
    cursors: list[str] = field(default_factory=list)

    async def changes(self) -> list[Change]:
        entries: Any = await self.redis.xrange(PARTITION.posts)
        return [decode_change(entry_id.decode(), fields) for entry_id, fields in entries]

    async def posts(self) -> list[str]:
        return [change.content for change in await self.changes() if isinstance(change, Post)]

    async def has_exactly(self, expected: list[str]) -> None:
        """Each of the posts is in the stream, under one id each, and the cursor is that of the last event."""
        await eventually(self.posts, lambda posts: set(posts) == set(expected))
        ids = {change.id for change in await self.changes() if isinstance(change, Post)}
        assert len(ids) == len(expected)
        await eventually(self.cursor, lambda cursor: cursor == self.end)
        assert self.cursors == sorted(self.cursors), "the cursor went back"

    async def cursor(self) -> str:
        protocol, port = self.settings.bluesky_protocol, self.server.port
        saved: Any = await self.redis.get(f"sentistream:source:{{bluesky:{protocol}:127.0.0.1:{port}}}:cursor")
        if saved:
            self.cursors.append(saved.decode())
        return saved.decode() if saved else ""

    @property
    def end(self) -> str:
        last = self.server.events[-1]
        number = last.time_us if self.settings.bluesky_protocol == "v1" else last.seq
        return f"{number}@{last.time_us}"

    async def connected(self, times: int = 1) -> None:
        async def connections() -> int:
            return len(self.server.asked)

        await eventually(connections, lambda count: count >= times)
        await eventually(self._open, bool)

    async def _open(self) -> int:
        return len(self.server.connections)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[asyncio.Task[Any]]:
        settings = self.settings
        source = Bluesky(
            self.server.url,
            PROTOCOLS[settings.bluesky_protocol],
            chosen_languages(settings),
            silence_seconds=settings.bluesky_silence_seconds,
        )
        stop = asyncio.Event()
        task = asyncio.create_task(run("bluesky", source, settings, LogProgress(), stop))
        try:
            yield task
        finally:
            stop.set()
            await asyncio.wait({task})


@pytest.fixture(params=["v2", "v1"])
def protocol(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def server() -> AsyncIterator[FakeJetstream]:
    async with jetstream() as server:
        yield server


@pytest.fixture
def settings(redis_url: str, protocol: str) -> BlueskySettings:
    return BlueskySettings(
        redis_url=AnyUrl(redis_url),
        bluesky_protocol=protocol,
        bluesky_silence_seconds=120,
        ingester_languages="all",
    )


@pytest.fixture
def ingester(server: FakeJetstream, redis: Redis, settings: BlueskySettings) -> Ingester:
    return Ingester(server, redis, settings)


only_v2 = pytest.mark.parametrize("protocol", ["v2"], indirect=True)


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(f"sentistream_ingester_{name}_total", {"source": "bluesky", **labels}) or 0.0


@dataclass
class Rise:
    """By how much a counter rises."""

    name: str
    labels: dict[str, str]

    def __post_init__(self) -> None:
        self.before = counted(self.name, **self.labels)

    @property
    def by(self) -> float:
        return counted(self.name, **self.labels) - self.before


async def test_what_happens_is_told_in_order_with_the_ids_of_the_posts(ingester: Ingester) -> None:
    server = ingester.server
    async with ingester.running():
        await ingester.connected()
        server.post("good morning")
        uri = server.post("it rains")
        rkey = uri.rpartition("/")[2]
        server.commit("update", text="it does not rain", rkey=rkey)
        server.commit("delete", rkey=rkey)
        server.commit("delete", rkey=tid(1_779_719_009_157_119))
        server.account(active=False, status="deactivated")
        server.account(active=True)
        server.account(active=False, status="deleted")
        changes = await eventually(ingester.changes, lambda all_: any(isinstance(each, AuthorRemoval) for each in all_))
        await eventually(ingester.cursor, lambda cursor: cursor == ingester.end)
    first, created, _, edited, *deletions, gone = changes
    assert isinstance(first, Post)
    assert isinstance(created, Post)
    assert isinstance(edited, Post)
    assert (first.content, first.author, first.lang) == ("good morning", DID, "en")
    assert edited.id == created.id
    assert edited.revision
    assert Deletion(created.id) in deletions
    assert isinstance(gone, AuthorRemoval)
    assert gone.author == DID


async def test_a_restart_goes_on_where_it_was(ingester: Ingester) -> None:
    server = ingester.server
    async with ingester.running():
        await ingester.connected()
        server.post("one")
        await ingester.has_exactly(["one"])
    server.post("two")
    async with ingester.running():
        await ingester.has_exactly(["one", "two"])


@pytest.mark.parametrize("then", ["cut", "half_frame", "silent", "1001", "1000", "ConsumerTooSlow"])
async def test_whatever_ends_a_connection_it_goes_on_without_a_gap(ingester: Ingester, then: str) -> None:
    server = ingester.server
    if then == "ConsumerTooSlow" and ingester.settings.bluesky_protocol == "v1":
        return  # it has no error frames
    reasons = {"silent": "silent", "1001": "server_shutdown", "1000": "closed", "ConsumerTooSlow": "too_slow"}
    rise = Rise("reconnects", {"reason": reasons.get(then, "cut")})
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
    rise = Rise("reconnects", {"reason": "refused"})
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


ODD = [
    "not json",
    "[1]",
    '{"$type":"message"}',
    '{"kind":"commit"}',
    "[" * 100_000,
    json.dumps({"$type": "news", "payload": {}}),
]


async def test_frames_that_are_none_are_counted_and_left_out(ingester: Ingester) -> None:
    server = ingester.server
    info = {"$type": "network.bsky.jetstream.subscribeEvents#info", "name": "Maintenance", "message": "tonight"}
    notices = [json.dumps({"$type": "message", "payload": info})] if ingester.settings.bluesky_protocol == "v2" else []
    server.plan.append(Behaviour(first=(*ODD, *notices)))
    rise = Rise("rejected", {"reason": "malformed_frame"})
    async with ingester.running():
        await ingester.connected()
        server.post("all fine")
        await ingester.has_exactly(["all fine"])
    assert rise.by == len(ODD)
    assert len(server.asked) == 1


async def test_records_that_do_not_fit_are_counted_by_reason_and_move_the_cursor(ingester: Ingester) -> None:
    server = ingester.server
    rises = [Rise("rejected", {"reason": reason}) for reason in ("nul_character", "invalid_utf8", "invalid_record")]
    empty = Rise("skipped", {"reason": "empty", "lang": ""})
    other = Rise("skipped", {"reason": "other_collection", "lang": ""})
    async with ingester.running():
        await ingester.connected()
        server.post("a\0b")
        server.post("half \ud83d")
        server.commit("create", record={"$type": POSTS})
        server.post("")
        server.post(" \n ")
        server.commit("create", record={}, collection="app.bsky.feed.like")
        server.commit("create", record={"text": "no date, no languages", "new": {"field": [1]}})
        server.post("🙂" * 750)
        await ingester.has_exactly(["no date, no languages", "🙂" * 750])
    assert [rise.by for rise in rises] == [1, 1, 1]
    assert (empty.by, other.by) == (2, 1)


async def test_posts_in_other_languages_are_counted_by_language(ingester: Ingester) -> None:
    ingester.settings = ingester.settings.model_copy(update={"ingester_languages": "en"})
    german = Rise("skipped", {"reason": "language", "lang": "de"})
    async with ingester.running():
        await ingester.connected()
        ingester.server.post("Endlich Wochenende und die Sonne scheint")
        ingester.server.post("finally the weekend and the sun is out")
        await ingester.has_exactly(["finally the weekend and the sun is out"])
    assert german.by == 1


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
    lost = Rise("lost_seconds", {})
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


@only_v2
async def test_frames_are_compressed_with_the_dictionary_that_the_server_has_now(ingester: Ingester) -> None:
    server = ingester.server
    async with ingester.running():
        await ingester.connected()
        server.post("one")
        await ingester.has_exactly(["one"])
        server.rotate_dictionary()
        await server.cut()
        server.post("two")
        await ingester.has_exactly(["one", "two"])
    assert [query["zstdDictionary"] for query in server.asked] == [["1001"], ["1001"], ["1002"]]


@only_v2
@pytest.mark.parametrize(
    "frame", [b"no zstd at all", b"\x28\xb5\x2f\xfd\xa0\xff\xff\xff\x7f"], ids=["garbage", "a bomb"]
)
async def test_a_frame_that_cannot_be_decoded_is_asked_for_again_and_then_without_compression(
    ingester: Ingester, frame: bytes
) -> None:
    server = ingester.server
    server.plan.extend([Behaviour(first=(frame,))] * 2)
    async with ingester.running():
        await ingester.connected(times=3)
        server.post("plain")
        await ingester.has_exactly(["plain"])
    assert ["zstdDictionary" in query for query in server.asked] == [True, True, False]


@only_v2
@pytest.mark.parametrize("served", [b"no dictionary", b"\x37\xa4\x30\xec and nothing more"])
async def test_a_wrong_dictionary_is_fetched_again(ingester: Ingester, served: bytes) -> None:
    server = ingester.server
    server.dictionary_served = served
    rise = Rise("reconnects", {"reason": "dictionary"})

    async def tried() -> float:
        return rise.by

    async with ingester.running():
        await eventually(tried, bool)
        server.dictionary_served = None
        await ingester.connected()
        server.post("found")
        await ingester.has_exactly(["found"])


@only_v2
async def test_a_server_without_a_dictionary_is_read_uncompressed(ingester: Ingester) -> None:
    ingester.server.compresses = False
    async with ingester.running():
        await ingester.connected()
        ingester.server.post("plain")
        await ingester.has_exactly(["plain"])
    assert "zstdDictionary" not in ingester.server.asked[0]


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


async def test_the_command_reads_until_it_is_told_to_stop(
    start: Callable[..., Awaitable[Any]], ingester: Ingester
) -> None:
    server = ingester.server
    protocol = ingester.settings.bluesky_protocol
    running = await start("bluesky", "--url", server.url, "--protocol", protocol)
    await ingester.connected()
    server.post("hello from the other side")
    server.post("Endlich Wochenende und die Sonne scheint")
    await ingester.has_exactly(["hello from the other side"])
    running.process.terminate()
    ended = await running.end()
    assert ended.exit_code == 0
    (summary,) = ended.events("ingestion ends")
    assert (summary["posts"], summary["skipped"]) == (1, 1)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [(["--url", "https://example.com"], 78, "--url"), (["--languages", "English"], 78, "--languages")],
)
async def test_what_it_cannot_work_with_is_explained(
    start: Callable[..., Awaitable[Any]], arguments: list[str], code: int, said: str
) -> None:
    ended = await (await start("bluesky", *arguments)).end()
    assert ended.exit_code == code
    assert said in ended.error_output
