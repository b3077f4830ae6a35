"""Feeds over HTTP, with the faults of their servers."""

import asyncio
import gzip
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import AnyUrl
from redis.asyncio import Redis

from sentistream_ingester.languages import Languages
from sentistream_ingester.settings import IngesterSettings
from sentistream_ingester.source import UnusableSourceError
from sentistream_ingester.sources.feed.source import Feeds
from support.feed_server import FakeFeeds, feed_server, item, rss
from support.ingesting import Rise, contents, ingesting, posts
from support.raw_http import whole
from support.waiting import eventually

Run = Callable[..., AbstractAsyncContextManager["asyncio.Task[Any]"]]


@pytest.fixture
async def server() -> AsyncIterator[FakeFeeds]:
    async with feed_server() as server:
        yield server


@pytest.fixture
def run(server: FakeFeeds, redis_url: str) -> Run:
    def start(
        *paths: str, interval: float = 0.05, allow_private: bool = True
    ) -> AbstractAsyncContextManager["asyncio.Task[Any]"]:
        source = Feeds(
            [server.url(path) for path in paths or ("/feed.xml",)],
            Languages("all", lambda _: None),
            interval_seconds=interval,
            max_age=timedelta(days=7),
            allow_private=allow_private,
        )
        return ingesting("feed", source, IngesterSettings(redis_url=AnyUrl(redis_url)))

    return start


async def has(redis: Redis, *expected: str) -> None:
    await eventually(lambda: contents(redis), lambda found: found == list(expected))


async def asked(server: FakeFeeds, times: int) -> None:
    async def requests() -> int:
        return len(server.asked)

    await eventually(requests, lambda count: count >= times)


async def test_new_entries_come_once_and_changed_ones_as_edits_of_the_same_post(
    server: FakeFeeds, run: Run, redis: Redis
) -> None:
    server.bodies["/feed.xml"] = rss(item("two", "second"), item("one", "first"))
    async with run():
        await has(redis, "first", "second")
        server.bodies["/feed.xml"] = rss(item("three", "third"), item("two", "second, corrected"), item("one", "first"))
        await has(redis, "first", "second", "second, corrected", "third")
    first, second, edited, third = await posts(redis)
    assert edited.id == second.id
    assert edited.revision
    assert len({first.id, second.id, third.id}) == 3
    assert (first.author, first.lang, first.source) == ("The News", "en-gb", "feed")
    assert first.url == server.url("/one")
    assert first.created_at <= datetime.now(UTC)


async def test_what_has_not_changed_is_not_sent_again_nor_after_a_restart(
    server: FakeFeeds, run: Run, redis: Redis
) -> None:
    server.bodies["/feed.xml"] = rss(item("one", "first"))
    async with run():
        await asked(server, 3)
    async with run():
        await asked(server, len(server.asked) + 2)
    assert server.statuses[0] == 200
    assert set(server.statuses[1:]) == {304}
    assert await contents(redis) == ["first"]


async def test_a_server_without_validators_is_read_again_and_nothing_is_written_twice(
    server: FakeFeeds, run: Run, redis: Redis
) -> None:
    server.knows_validators = False
    server.compresses = True
    server.bodies["/feed.xml"] = rss(item("one", "first"))
    async with run():
        await asked(server, 3)
    async with run():
        await asked(server, len(server.asked) + 2)
    assert await contents(redis) == ["first"]


async def test_a_restart_does_not_ask_before_the_feed_is_due(server: FakeFeeds, run: Run, redis: Redis) -> None:
    server.plan.append(whole(200, {"Cache-Control": "public, max-age=3600"}, rss(item("a", "seldom"))))
    server.bodies = {"/b.xml": rss(item("b", "often"))}
    for times in (3, 6):
        async with run("/a.xml", "/b.xml"):
            await asked(server, times)
    seldom, *others = [each.path for each in server.asked]
    assert seldom not in others
    assert len(await contents(redis)) == 1 + (seldom == "/a.xml")


FAULTS: list[tuple[bytes | str, str]] = [
    (whole(404, {}), "not_found"),
    (whole(401, {}), "forbidden"),
    (whole(500, {}), "server_error"),
    (whole(418, {}), "refused"),
    ("cut", "unreachable"),
    (b"", "unreachable"),
    (b"SSH-2.0-OpenSSH\r\n", "unreachable"),
    (whole(200, {}, b"<html><p>Sign in</html>"), "no_feed"),
    (whole(200, {}, b""), "no_feed"),
    (whole(200, {"Content-Type": "application/feed+json"}, b"[" * 100_000), "no_feed"),
    (whole(200, {}, b" " * 4_000_001), "too_large"),
    (whole(200, {"Content-Encoding": "gzip"}, gzip.compress(b"<" + b" " * 50_000_000)), "too_large"),
    (whole(200, {"Content-Encoding": "gzip"}, b"no gzip"), "undecodable"),
    (whole(302, {"Location": "file:///etc/passwd"}), "redirects"),
    (whole(302, {"Location": "http://[::1"}), "unreachable"),
]


async def test_faults_are_counted_by_reason_and_the_feed_is_asked_again(
    server: FakeFeeds, run: Run, redis: Redis
) -> None:
    server.bodies["/feed.xml"] = rss(item("one", "first"))
    for fault, _ in FAULTS:
        server.plan.extend([fault, None])
    expected = Counter(reason for _, reason in FAULTS)
    rises = {reason: Rise("reconnects", {"source": "feed", "reason": reason}) for reason in expected}
    async with run():
        await asked(server, len(server.plan) + 1)
    assert {reason: rise.by for reason, rise in rises.items()} == expected
    assert await contents(redis) == ["first"]


async def test_a_broken_feed_gives_the_entries_that_can_be_read(server: FakeFeeds, run: Run, redis: Redis) -> None:
    server.bodies["/feed.xml"] = rss(item("one", "first")).replace(b"The News", b"News & more")[:-10]
    async with run():
        await has(redis, "first")


async def test_another_feed_is_not_held_up_by_one_that_is_silent(server: FakeFeeds, run: Run, redis: Redis) -> None:
    server.bodies = {"/a.xml": rss(item("a", "of a")), "/b.xml": rss(item("b", "of b"))}
    server.plan.append("silent")
    async with run("/a.xml", "/b.xml"):
        await eventually(lambda: contents(redis), bool)


async def test_retry_after_is_waited_for(server: FakeFeeds, run: Run, redis: Redis) -> None:
    server.plan.append(whole(429, {"Retry-After": "3600"}))
    server.bodies = {"/a.xml": rss(item("a", "of a")), "/b.xml": rss(item("b", "of b"))}
    async with run("/a.xml", "/b.xml"):
        await asked(server, 5)
    assert [each.path for each in server.asked].count(server.asked[0].path) == 1
    assert len(await contents(redis)) == 1


async def test_redirects_are_followed_and_a_lasting_one_is_remembered(
    server: FakeFeeds, run: Run, redis: Redis
) -> None:
    server.bodies["/new.xml"] = rss(item("one", "first"))
    server.plan.append(whole(301, {"Location": "/new.xml"}))
    async with run("/old.xml"):
        await has(redis, "first")
        await asked(server, 4)
    assert [each.path for each in server.asked][:4] == ["/old.xml", "/new.xml", "/new.xml", "/new.xml"]


async def test_endless_redirects_end(server: FakeFeeds, run: Run, redis: Redis) -> None:
    server.plan.extend([whole(302, {"Location": "/feed.xml"})] * 6)
    server.bodies["/feed.xml"] = rss(item("one", "first"))
    rise = Rise("reconnects", {"source": "feed", "reason": "redirects"})
    async with run():
        await has(redis, "first")
    assert (rise.by, len(server.asked) >= 7) == (1, True)


async def test_a_private_address_is_not_connected_to(server: FakeFeeds, run: Run) -> None:
    rise = Rise("reconnects", {"source": "feed", "reason": "private_address"})

    async def refused() -> float:
        return rise.by

    async with run(allow_private=False):
        await eventually(refused, bool)
    assert server.asked == []


async def test_a_feed_that_is_gone_is_not_asked_again(server: FakeFeeds, run: Run) -> None:
    server.plan.append(whole(410, {}))
    async with run() as task:
        await asyncio.wait({task}, timeout=20)
    with pytest.raises(UnusableSourceError, match=r"all feeds are gone: 127\.0\.0\.1/feed\.xml"):
        await task
    assert len(server.asked) == 1
