"""Mastodon as a source: one timeline of one instance, streamed; what was missed in between is asked for."""

import json
import time
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from sentistream_core.change import Deletion
from sentistream_core.log import get_logger
from sentistream_core.post import Post
from sentistream_ingester.languages import Languages
from sentistream_ingester.memory import Memory
from sentistream_ingester.metrics import LOST_SECONDS
from sentistream_ingester.reconnection import ConnectionLostError, Reconnection
from sentistream_ingester.source import Checkpoint, Event, Rejected, Skipped, Source
from sentistream_ingester.sources.mastodon.instance import PAGE, Instance
from sentistream_ingester.sources.mastodon.place import before, later
from sentistream_ingester.sources.mastodon.server_sent_events import Comment, ServerSentEvent
from sentistream_ingester.sources.mastodon.status import SOURCE_NAME, is_id, post_of, read_status
from sentistream_ingester.sources.mastodon.timeline import Timeline

_MOST_PAGES: Final = 250
"""Of a gap: an instance answers 300 requests in five minutes."""


class Mastodon(Source):
    def __init__(
        self,
        instance: Instance,
        timeline: Timeline,
        languages: Languages,
        *,
        silence_seconds: float,
        deletions_seconds: int,
    ) -> None:
        self._instance = instance
        self._timeline = timeline
        self._languages = languages
        self._silence_seconds = silence_seconds
        self._deletions_seconds = deletions_seconds
        self._reconnection = Reconnection(SOURCE_NAME)
        self._domain = ""
        self._last = ""
        self._memory: Memory | None = None
        self.cursor_name = f"{SOURCE_NAME}:{urlsplit(instance.url).netloc}:{timeline.name}"

    def describe(self) -> Mapping[str, object]:
        return {"url": self._instance.url, "stream": self._timeline.name}

    def use(self, memory: Memory) -> None:
        self._memory = memory

    async def events(self, cursor: str | None) -> AsyncGenerator[Event, None]:
        self._last = cursor or ""
        async with self._instance.opened():
            while True:
                try:
                    self._domain, address = await self._instance.about()
                    async with self._instance.stream(address, self._timeline) as stream:
                        get_logger().info("connected", cursor=self._last or None)
                        # The stream first, the past then: what happens meanwhile comes twice and not never.
                        async for event in self._missed():
                            yield event
                        async for event in self._live(stream):
                            yield event
                except ConnectionLostError as lost:
                    await self._reconnection.wait_after(lost)

    async def _missed(self) -> AsyncIterator[Event]:
        """What came since the last status, oldest first."""
        at = before(self._last)
        for _ in range(_MOST_PAGES if at else 0):
            page = await self._instance.page(self._timeline, at)
            for value in reversed(page):
                async for event in self._of_status(value):
                    yield event
            if len(page) < PAGE:
                return
            newest = read_status(page[0])
            if newest is None or newest.id == at:
                return
            at = newest.id
        if at:
            self._tell_loss(at)

    def _tell_loss(self, status_id: str) -> None:
        seconds = max(0.0, time.time() - (int(status_id) >> 16) / 1000) if status_id.isdigit() else 0.0
        LOST_SECONDS.labels(SOURCE_NAME).inc(seconds)
        get_logger().error("the gap is too long to be filled", after=status_id, seconds=round(seconds))

    async def _live(self, stream: AsyncIterator[ServerSentEvent | Comment]) -> AsyncIterator[Event]:
        last_event = time.monotonic()
        async for sent in stream:
            if isinstance(sent, ServerSentEvent):
                last_event = time.monotonic()
                self._reconnection.brought_something()
                async for event in self._of_event(sent):
                    yield event
            elif sent.text == "thump":
                self._reconnection.brought_something()
                yield Checkpoint(self._last, datetime.now(UTC))
            if time.monotonic() - last_event > self._silence_seconds:
                raise ConnectionLostError("silent", f"no post for {self._silence_seconds:g} s")

    async def _of_event(self, sent: ServerSentEvent) -> AsyncIterator[Event]:
        match sent.name:
            case "update" | "status.update":
                try:
                    value = json.loads(sent.data)
                except (ValueError, RecursionError):
                    value = None
                async for event in self._of_status(value):
                    yield event
            case "delete":
                yield await self._deletion(sent.data.strip())
        # Others, such as announcements, concern the user of the token.

    async def _deletion(self, status_id: str) -> Event:
        known = await self._recall(status_id) if is_id(status_id) else None
        return Deletion(known) if known else Skipped("unknown_deleted")

    async def _of_status(self, value: object) -> AsyncIterator[Event]:
        status = read_status(value)
        if status is None:
            yield Rejected("a status", "malformed_status", "it has no id or no uri")
            return
        said = post_of(status, domain=self._domain, now=datetime.now(UTC))
        if isinstance(said, Post):
            if said.revision is not None and (known := await self._recall(status.id)):
                said = replace(said, id=known)
            for each in self._languages.sorted_out(said):
                if isinstance(each, Post):
                    await self._remember(status.id, each.id)
                yield each
        else:
            yield said
        self._last = later(self._last, status.id)
        yield Checkpoint(self._last, datetime.now(UTC))

    async def _remember(self, status_id: str, post_id: UUID) -> None:
        """A deletion names only the instance's own id."""
        if self._memory:
            await self._memory.remember(status_id, str(post_id), seconds=self._deletions_seconds)

    async def _recall(self, status_id: str) -> UUID | None:
        known = await self._memory.recall(status_id) if self._memory else None
        return UUID(known) if known else None
