"""One feed: when it is asked, and what has come of it."""

import asyncio
import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from sentistream_core.log import get_logger
from sentistream_ingester.metrics import RECONNECTS
from sentistream_ingester.reconnection import ConnectionLostError
from sentistream_ingester.sources.feed.changes import SOURCE_NAME, Reading, Said
from sentistream_ingester.sources.feed.entry import FeedDocument, NoFeedError
from sentistream_ingester.sources.feed.fetch import Answer, FetchError, fetch
from sentistream_ingester.sources.feed.json_feed import read_json_feed
from sentistream_ingester.sources.feed.state import FeedState
from sentistream_ingester.sources.feed.xml_feed import read_xml_feed

_LONGEST_WAIT_SECONDS: Final = 86_400.0
_LONGEST_AFTER_FAILURE_SECONDS: Final = 6 * 3_600.0
_JITTER: Final = 0.1


class Subscription:
    def __init__(
        self, url: str, state: FeedState, *, interval_seconds: float, max_age: timedelta, allow_private: bool
    ) -> None:
        self.url = url
        self.state = state
        self._interval_seconds = interval_seconds
        self._max_age = max_age
        self._allow_private = allow_private
        self._failures = 0
        self.read_at: datetime | None = None
        """When it was read last, by this process."""
        self.is_gone = False
        """The server said that it is, for good."""

    @property
    def is_well(self) -> bool:
        """Whether it could be read the last time."""
        return not self._failures

    @property
    def name(self) -> str:
        """For people, without a query: that may hold a secret."""
        parts = urlsplit(self.url)
        return f"{parts.hostname}{parts.path}"

    async def wait(self) -> None:
        """Until it may be asked."""
        await asyncio.sleep(min(self.state.due - time.time(), _LONGEST_WAIT_SECONDS))

    async def read(self) -> tuple[Answer, FeedDocument | None]:
        """Ask for it; None if nothing has changed.

        Raises:
            ConnectionLostError: there was no feed.
        """
        url = self.state.moved_to or self.url
        try:
            answer = await fetch(url, self.state.validators, allow_private=self._allow_private)
            if answer.body is None:
                return answer, None
            # In a thread: a large feed takes seconds, in which the lease must be renewed.
            return answer, await asyncio.to_thread(_document, answer.body, answer.content_type)
        except NoFeedError as error:
            raise ConnectionLostError("no_feed", str(error)) from error

    def took(self, answer: Answer, document: FeedDocument | None) -> Iterator[Said]:
        """What is new in it."""
        if self._failures:
            get_logger().info("the feed is back", feed=self.name)
        self._failures = 0
        self.read_at = datetime.now(UTC)
        if answer.moved_to and answer.moved_to != self.state.moved_to:
            get_logger().warning("the feed has moved: give its new address", feed=self.name, to=answer.moved_to)
            self.state.moved_to = answer.moved_to
        self.state.validators = answer.validators
        if document:
            reading = Reading(self.url, answer.url, self.read_at, self._max_age)
            yield from reading.changes(document.entries, self.state)
        asked = max(answer.fresh_seconds, document.wait_seconds if document else 0.0)
        self._ask_again_after(max(self._interval_seconds, min(asked, _LONGEST_WAIT_SECONDS)))

    def failed(self, error: ConnectionLostError) -> None:
        RECONNECTS.labels(SOURCE_NAME, error.reason).inc()
        if error.reason == "gone":
            self.is_gone = True
            get_logger().error("the feed is gone and is not asked for any more", feed=self.name)
            return
        if not self._failures:
            get_logger().warning("the feed cannot be read", feed=self.name, reason=error.reason, error=error.detail)
        self._failures += 1
        self.state.moved_to = ""  # the address that was configured is asked again
        asked = error.wait_seconds if isinstance(error, FetchError) else 0.0
        own = min(self._interval_seconds * 2 ** min(self._failures - 1, 20), _LONGEST_AFTER_FAILURE_SECONDS)
        self._ask_again_after(max(self._interval_seconds, own, min(asked, _LONGEST_WAIT_SECONDS)))

    def _ask_again_after(self, seconds: float) -> None:
        self.state.due = time.time() + seconds * random.uniform(1, 1 + _JITTER)  # noqa: S311 (no secret depends on it)


def _document(body: bytes, content_type: str) -> FeedDocument:
    if "json" in content_type.lower() or body.lstrip()[:1] == b"{":
        return read_json_feed(body)
    return read_xml_feed(body, content_type)
