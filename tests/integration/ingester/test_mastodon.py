"""The Mastodon source and the faults of instances: posts come once, and none is left out."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import AnyUrl
from redis.asyncio import Redis

from sentistream_core.change import Deletion
from sentistream_core.post import Post
from sentistream_ingester.languages import Languages
from sentistream_ingester.settings import IngesterSettings
from sentistream_ingester.source import UnusableSourceError
from sentistream_ingester.sources.mastodon.instance import Instance
from sentistream_ingester.sources.mastodon.source import Mastodon
from sentistream_ingester.sources.mastodon.timeline import Timeline
from support.ingesting import Rise, changes, contents, ingesting, posts
from support.mastodon_server import TOKEN, FakeMastodon, mastodon_server
from support.raw_http import whole
from support.waiting import eventually

Run = Callable[..., AbstractAsyncContextManager["asyncio.Task[Any]"]]


@pytest.fixture
async def server() -> AsyncIterator[FakeMastodon]:
    async with mastodon_server() as server:
        yield server


@pytest.fixture
def token(tmp_path: Path) -> Path:
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n")
    return file


@pytest.fixture
def run(redis_url: str, token: Path) -> Run:
    def start(
        server: FakeMastodon, stream: str = "public", *, silence: float = 60.0
    ) -> AbstractAsyncContextManager["asyncio.Task[Any]"]:
        source = Mastodon(
            Instance(server.url, token),
            Timeline.named(stream),
            Languages("all", lambda _: None),
            silence_seconds=silence,
            deletions_seconds=3600,
        )
        return ingesting("mastodon", source, IngesterSettings(redis_url=AnyUrl(redis_url)))

    return start


async def streaming(server: FakeMastodon) -> None:
    async def streams() -> int:
        return len(server.streams)

    await eventually(streams, bool)


async def has(redis: Redis, *expected: str) -> None:
    await eventually(lambda: contents(redis), lambda found: set(found) == set(expected))
    assert len({post.id for post in await posts(redis)}) == len(expected)


def rise(name: str, reason: str, **labels: str) -> Rise:
    return Rise(name, {"source": "mastodon", "reason": reason, **labels})


async def test_posts_edits_and_deletions_carry_the_same_id(server: FakeMastodon, run: Run, redis: Redis) -> None:
    unknown = rise("skipped", "unknown_deleted", lang="")
    async with run(server):
        await streaming(server)
        status = server.post("<p>Hello <b>world</b><br>:blobcat:</p>", spoiler_text="Greetings")
        edited = {**status, "content": "<p>Bye</p>", "spoiler_text": "", "edited_at": "2026-05-04T03:02:01.5Z"}
        server.send("status.update", json.dumps(edited))
        for unknown_id in ("12345", "../../no id"):
            server.send("delete", unknown_id)
        server.send("notification", "{}")
        server.send("delete", status["id"])
        created, edit, deletion = await eventually(lambda: changes(redis), lambda found: len(found) == 3)
    assert isinstance(created, Post)
    assert (created.content, created.author) == ("Greetings\nHello world\n:blobcat:", "ada@mastodon.example")
    assert (created.url, created.lang) == (status["url"], "en")
    assert isinstance(edit, Post)
    assert (edit.id, edit.content, edit.revision) == (created.id, "Bye", "2026-05-04T03:02:01.500000+00:00")
    assert deletion == Deletion(created.id)
    assert unknown.by == 2


async def test_a_post_that_two_instances_tell_is_one(run: Run, server: FakeMastodon, redis: Redis) -> None:
    async with mastodon_server("other.example") as other, run(server), run(other):
        await streaming(server)
        await streaming(other)
        status = server.post("seen by both")
        seconds = status["created_at"].partition(".")[0] + ".000Z"  # as instances tell each other
        other.post("seen by both", uri=status["uri"], created_at=seconds, account={"acct": "ada@mastodon.example"})
        first, second = await eventually(lambda: posts(redis), lambda found: len(found) == 2)
    assert (first.id, first.author) == (second.id, second.author)


@pytest.mark.parametrize(("line_end", "chunk"), [("\n", 1), ("\r\n", 1), ("\r\n", 7), ("\r", 3), ("\n", 0)])
async def test_events_may_be_cut_anywhere(
    server: FakeMastodon, run: Run, redis: Redis, line_end: str, chunk: int
) -> None:
    server.line_end, server.chunk = line_end, chunk
    async with run(server):
        await streaming(server)
        server.send_raw(":thump\n")
        server.post("<p>Schöne Grüße 🙂 one\u2028line</p>")
        server.post("<p>second</p>")
        await has(redis, "Schöne Grüße 🙂 one line", "second")


@pytest.mark.parametrize("how", ["ends", "silent", "502"])
async def test_a_gap_is_filled_whatever_made_it(server: FakeMastodon, run: Run, redis: Redis, how: str) -> None:
    if how == "502":
        server.plan.append(whole(502, {}))
    reconnects = rise("reconnects", {"ends": "closed", "silent": "silent", "502": "refused"}[how])
    async with run(server, silence=0.5 if how == "silent" else 60.0):
        await streaming(server)
        server.post("before")
        await has(redis, "before")
        expected = [f"missed {number}" for number in range(100)]
        server.statuses.extend(
            server.status(text, number=int(server.statuses[0]["id"]) + (number << 10) + 1)
            for number, text in enumerate(expected)
        )
        if how == "silent":
            server.send_raw(":thump\n")
            await eventually(_thump(server), lambda _: reconnects.by >= 1)
        else:
            server.cut()
        await has(redis, "before", *expected)
    assert reconnects.by >= 1


def _thump(server: FakeMastodon) -> Callable[[], Any]:
    async def thump() -> None:
        server.send_raw(":thump\n")

    return thump


async def test_a_restart_asks_for_what_came_in_between(server: FakeMastodon, run: Run, redis: Redis) -> None:
    async with run(server, "hashtag:coffee"):
        await streaming(server)
        server.post("before")
        await has(redis, "before")
    server.post("in between")
    async with run(server, "hashtag:coffee"):
        await has(redis, "before", "in between")
    assert server.asked_for("/api/v1/streaming/hashtag")[0].query == {"tag": ["coffee"]}
    assert server.asked_for("/api/v1/timelines/tag/coffee")
    assert len(server.asked_for("/api/v1/timelines/tag/coffee")) == 1, "the first start begins with what happens now"


async def test_records_that_do_not_fit_are_counted_by_reason(server: FakeMastodon, run: Run, redis: Redis) -> None:
    skipped = [rise("skipped", reason, lang="") for reason in ("boost", "not_public", "empty")]
    malformed = rise("rejected", "malformed_status")
    async with run(server):
        await streaming(server)
        server.post("boosted", reblog={"id": "1"})
        server.post("for friends", visibility="private")
        server.post("<p></p>")
        for data in ("no json", "[]", '{"id": 1}', "[" * 100_000, '{"id":"1","uri":"x","visibility":"public"}'):
            server.send("update", data)
        ahead = (datetime.now(UTC) + timedelta(days=1)).isoformat()
        server.post("<p>all right</p>", language=None, url=None, account=None, created_at=ahead)
        server.post("x" * 100_000)
        found = await eventually(lambda: posts(redis), lambda found: len(found) == 2)
    assert [each.by for each in skipped] == [1, 1, 1]
    assert malformed.by == 5
    assert (found[0].content, found[0].author, found[0].lang) == ("all right", None, None)
    assert found[0].created_at <= datetime.now(UTC)
    assert len(found[1].content) == 10_000


async def test_a_limit_of_the_instance_is_waited_for(server: FakeMastodon, run: Run, redis: Redis) -> None:
    reset = datetime.now(UTC) + timedelta(seconds=1)
    server.plan.append(whole(429, {"X-RateLimit-Reset": reset.isoformat()}))
    async with run(server):
        await streaming(server)
        assert datetime.now(UTC) >= reset
        server.post("at last")
        await has(redis, "at last")


async def test_an_event_that_is_too_long_ends_the_connection(server: FakeMastodon, run: Run, redis: Redis) -> None:
    too_long = rise("reconnects", "frame_too_long")
    async with run(server):
        await streaming(server)
        server.post("one")
        await has(redis, "one")
        server.send("update", "x" * 2_100_000)
        await eventually(lambda: _by(too_long), bool)
        await streaming(server)
        server.post("two")
        await has(redis, "one", "two")


async def _by(rise: Rise) -> float:
    return rise.by


@pytest.mark.parametrize(("status", "said"), [(401, "--token-file"), (404, "HTTP 404")])
async def test_what_will_never_be_given_ends_it_with_the_reason(
    server: FakeMastodon, run: Run, status: int, said: str
) -> None:
    server.plan.append(whole(status, {}))
    async with run(server) as task:
        await asyncio.wait({task}, timeout=20)
    with pytest.raises(UnusableSourceError, match=said):
        await task
