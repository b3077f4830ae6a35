"""The Bluesky source over a fake Jetstream server and a real broker."""

import asyncio
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any

import pytest
from redis.asyncio import Redis

from sentistream_core.change import Change
from sentistream_core.post import Post
from sentistream_ingester.languages import chosen_languages
from sentistream_ingester.source import Result
from sentistream_ingester.sources.bluesky.protocols import PROTOCOLS
from sentistream_ingester.sources.bluesky.settings import BlueskySettings
from sentistream_ingester.sources.bluesky.source import Bluesky
from support.ingesting import Rise, changes, contents, ingesting
from support.jetstream import FakeJetstream
from support.waiting import eventually


@dataclass
class Ingester:
    """Runs in this process, over the real broker."""

    server: FakeJetstream
    redis: Redis
    settings: BlueskySettings
    cursors: list[str] = field(default_factory=list)

    async def changes(self) -> list[Change]:
        return await changes(self.redis)

    async def posts(self) -> list[str]:
        return await contents(self.redis)

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

    def running(self) -> AbstractAsyncContextManager["asyncio.Task[Result]"]:
        settings = self.settings
        source = Bluesky(
            self.server.url,
            PROTOCOLS[settings.bluesky_protocol],
            chosen_languages(settings),
            silence_seconds=settings.bluesky_silence_seconds,
        )
        return ingesting("bluesky", source, settings)


only_v2 = pytest.mark.parametrize("protocol", ["v2"], indirect=True)


def counted(name: str, **labels: str) -> Rise:
    """Of a counter of the source."""
    return Rise(name, {"source": "bluesky", **labels})
