"""Runs a source in the test's own process, over the real broker."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from prometheus_client import REGISTRY
from redis.asyncio import Redis

from sentistream_core.change import Change, decode_change
from sentistream_core.post import Post
from sentistream_ingester.progress import LogProgress
from sentistream_ingester.run import run
from sentistream_ingester.settings import IngesterSettings
from sentistream_ingester.source import Result, Source
from support.streams import PARTITION


@asynccontextmanager
async def ingesting(name: str, source: Source, settings: IngesterSettings) -> AsyncIterator["asyncio.Task[Result]"]:
    """The run goes on until it ends by itself, or with the block."""
    stop = asyncio.Event()
    task = asyncio.create_task(run(name, source, settings, LogProgress(), stop))
    try:
        yield task
    finally:
        stop.set()
        await asyncio.wait({task})


async def changes(redis: Redis) -> list[Change]:
    """What is in the stream, in order."""
    entries: Any = await redis.xrange(PARTITION.posts)
    return [decode_change(entry_id.decode(), fields) for entry_id, fields in entries]


async def posts(redis: Redis) -> list[Post]:
    return [change for change in await changes(redis) if isinstance(change, Post)]


async def contents(redis: Redis) -> list[str]:
    return [post.content for post in await posts(redis)]


@dataclass
class Rise:
    """By how much a counter of the ingester rises: sentistream_ingester_NAME_total."""

    name: str
    labels: dict[str, str]

    def __post_init__(self) -> None:
        self.before = self._now()

    def _now(self) -> float:
        return REGISTRY.get_sample_value(f"sentistream_ingester_{self.name}_total", self.labels) or 0.0

    @property
    def by(self) -> float:
        return self._now() - self.before
