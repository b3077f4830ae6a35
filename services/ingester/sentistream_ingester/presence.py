"""Reports this ingester to the API: what it reads, how fast, how late, and in which languages."""

import asyncio
import contextlib
import json
import os
import time
from collections import Counter
from collections.abc import Mapping
from typing import Final

from redis.asyncio import Redis
from redis.exceptions import RedisError

from sentistream_core.broker.sources import SOURCES_KEY
from sentistream_core.post import Post
from sentistream_ingester.languages import primary
from sentistream_ingester.source import Checkpoint, Event, Skipped

_EVERY_SECONDS: Final = 2.0
_SHOWN_LANGUAGES: Final = 10


class Presence:
    """What is known of the run; each part is told by whoever knows it."""

    def __init__(self, source: str, reads: str) -> None:
        self._source = source
        self._reads = reads
        self._passed: Counter[str] = Counter()
        self._skipped: Counter[str] = Counter()
        self._event: float | None = None
        self.is_reading = False
        self.posts = 0
        self.allowed = 1.0

    def saw(self, event: Event) -> None:
        match event:
            case Post():
                self.posts += 1
                if event.lang:
                    self._passed[primary(event.lang)] += 1
            case Skipped(reason="language"):
                self._skipped[event.lang] += 1
            case Checkpoint() if event.time:
                self._event = event.time.timestamp()

    def status(self, *, rate: float) -> Mapping[str, object]:
        return {
            "source": self._source,
            "reads": self._reads,
            "reading": self.is_reading,
            "rate": round(rate, 1),
            "allowed": round(self.allowed, 2),
            "event": self._event,
            "passed": dict(self._passed.most_common(_SHOWN_LANGUAGES)),
            "skipped": dict(self._skipped.most_common(_SHOWN_LANGUAGES)),
            "seen": time.time(),
        }


async def announce(redis: Redis, pod_name: str, presence: Presence) -> None:
    """Write the process's field in the hash of sources every two seconds; remove it at the end. Runs as a task."""
    field = f"{pod_name}:{os.getpid()}:{presence.status(rate=0)['reads']}"
    before, at = presence.posts, time.monotonic()
    try:
        while True:
            await asyncio.sleep(_EVERY_SECONDS)
            now, count = time.monotonic(), presence.posts
            status = presence.status(rate=(count - before) / (now - at))
            before, at = count, now
            with contextlib.suppress(RedisError):  # whoever writes posts notices the outage and reports it
                await redis.hset(SOURCES_KEY, field, json.dumps(status))
    finally:
        with contextlib.suppress(RedisError):
            await redis.hdel(SOURCES_KEY, field)
