"""Feeds as a source: each asked for at its own times, a few at once."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Final

from sentistream_core.background import end_tasks
from sentistream_ingester.languages import Languages
from sentistream_ingester.reconnection import ConnectionLostError
from sentistream_ingester.source import Checkpoint, Event, Source, UnusableSourceError
from sentistream_ingester.sources.feed.entry import FeedDocument
from sentistream_ingester.sources.feed.fetch import Answer
from sentistream_ingester.sources.feed.state import FeedState, read_states, write_states
from sentistream_ingester.sources.feed.subscription import Subscription

_AT_ONCE: Final = 4
"""Feeds that are in memory at a time: asked for, or waiting until their posts may be written."""
_CHECKPOINT_EVERY_SECONDS: Final = 30.0


class Feeds(Source):
    def __init__(
        self,
        urls: Sequence[str],
        languages: Languages,
        *,
        interval_seconds: float,
        max_age: timedelta,
        allow_private: bool,
    ) -> None:
        self._urls = list(dict.fromkeys(urls))
        self._languages = languages
        self._interval_seconds = interval_seconds
        self._max_age = max_age
        self._allow_private = allow_private
        # Other feeds are another source: their ingester must not wait for this one.
        self.cursor_name = f"feed:{blake2b(' '.join(sorted(self._urls)).encode(), digest_size=8).hexdigest()}"

    def describe(self) -> Mapping[str, object]:
        return {"feeds": len(self._urls)}

    async def events(self, cursor: str | None) -> AsyncGenerator[Event, None]:
        states = read_states(cursor)
        feeds = [
            Subscription(
                url,
                states.get(url) or FeedState(),
                interval_seconds=self._interval_seconds,
                max_age=self._max_age,
                allow_private=self._allow_private,
            )
            for url in self._urls
        ]
        slots = asyncio.Semaphore(_AT_ONCE)
        asked = {_ask(feed, slots): feed for feed in feeds}
        try:
            while asked:
                done, _ = await asyncio.wait(
                    asked, timeout=_CHECKPOINT_EVERY_SECONDS, return_when=asyncio.FIRST_COMPLETED
                )
                for task in done:
                    feed = asked.pop(task)
                    try:
                        for said in feed.took(*task.result()):
                            for event in self._languages.sorted_out(said):
                                yield event
                    except ConnectionLostError as error:
                        feed.failed(error)
                    finally:
                        slots.release()
                    if not feed.is_gone:
                        asked[_ask(feed, slots)] = feed
                yield Checkpoint(write_states({feed.url: feed.state for feed in feeds}), _up_to_date_at(feeds))
        finally:
            await end_tasks(list(asked))
        raise UnusableSourceError("all feeds are gone: " + ", ".join(feed.name for feed in feeds))


def _ask(feed: Subscription, slots: asyncio.Semaphore) -> "asyncio.Task[tuple[Answer, FeedDocument | None]]":
    async def ask() -> tuple[Answer, FeedDocument | None]:
        await feed.wait()
        await slots.acquire()  # released when what it brought has been handed out
        return await feed.read()

    return asyncio.create_task(ask(), name=f"feed {feed.name}")


def _up_to_date_at(feeds: Sequence[Subscription]) -> datetime | None:
    """Until when all that happened is in the stream: now, unless no feed can be read; then when one could be."""
    if any(feed.is_well and not feed.is_gone for feed in feeds):
        return datetime.now(UTC)
    return max((feed.read_at for feed in feeds if feed.read_at), default=None)
