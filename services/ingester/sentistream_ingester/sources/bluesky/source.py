"""Bluesky as a source: the posts of a Jetstream server, over one connection after the other."""

from collections.abc import AsyncGenerator, Iterator, Mapping
from typing import Final
from urllib.parse import urlsplit

from sentistream_core.log import get_logger
from sentistream_ingester.languages import Languages
from sentistream_ingester.metrics import LOST_SECONDS
from sentistream_ingester.reconnection import ConnectionLostError, Reconnection
from sentistream_ingester.source import Checkpoint, Event, Rejected, Source
from sentistream_ingester.sources.bluesky.changes import SOURCE_NAME, said_by
from sentistream_ingester.sources.bluesky.compression import Compression
from sentistream_ingester.sources.bluesky.connection import CursorTooOldError, DictionaryUnknownError, connected
from sentistream_ingester.sources.bluesky.frames import Account, Commit, Failure, Frame, Malformed, Notice, Other
from sentistream_ingester.sources.bluesky.place import Place, read_place
from sentistream_ingester.sources.bluesky.protocols import JetstreamProtocol
from sentistream_ingester.sources.bluesky.track import Track

_FAILURES: Final = {"ConsumerTooSlow": "too_slow"}
"""Labels of the errors that servers are known to end a stream with."""


class Bluesky(Source):
    def __init__(self, url: str, protocol: JetstreamProtocol, languages: Languages, *, silence_seconds: float) -> None:
        """`url` is ws or wss, a host and perhaps a port; without events for `silence_seconds` it connects again."""
        self._url = url.rstrip("/")
        self._protocol = protocol
        self._languages = languages
        self._silence_seconds = silence_seconds
        self._compression = Compression(self._url.replace("ws", "http", 1)) if protocol.compresses else None
        self._reconnection = Reconnection(SOURCE_NAME)
        # A cursor of another server, or of the other protocol, means something else.
        self.cursor_name = f"{SOURCE_NAME}:{protocol.name}:{urlsplit(self._url).netloc}"

    def describe(self) -> Mapping[str, object]:
        return {"url": self._url, "protocol": self._protocol.name}

    async def events(self, cursor: str | None) -> AsyncGenerator[Event, None]:
        track = Track(self._protocol, read_place(cursor))
        while True:
            try:
                dictionary = await self._compression.dictionary() if self._compression else None
                asked = track.cursor()
                url = f"{self._url}{self._protocol.target(asked, dictionary.id if dictionary else None)}"
                async with connected(url, self._silence_seconds, dictionary) as connection:
                    get_logger().info("connected", cursor=asked, compressed=dictionary is not None)
                    while True:
                        for event in self._events_of(self._protocol.read(await connection.next_text()), track):
                            yield event
            except ConnectionLostError as lost:
                match lost:
                    case CursorTooOldError():
                        track.lost_some()
                    case DictionaryUnknownError() if self._compression:
                        self._compression.failed()
                await self._reconnection.wait_after(lost)

    def _events_of(self, frame: Frame, track: Track) -> Iterator[Event]:
        match frame:
            case Commit() | Account():
                place = self._passed(frame.place, track)
                for said in said_by(frame):
                    yield from self._languages.sorted_out(said)
                yield Checkpoint(str(place), place.time)
            case Other():
                place = self._passed(frame.place, track)
                yield Checkpoint(str(place), place.time)
            case Malformed():
                yield Rejected("a frame", "malformed_frame", frame.detail)
            case Notice():
                get_logger().warning("the server says", name=frame.name, message=frame.message)
                if frame.name == "OutdatedCursor":
                    track.lost_some()
            case Failure():
                raise ConnectionLostError(_FAILURES.get(frame.name, "error"), f"{frame.name} {frame.message}")

    def _passed(self, place: Place, track: Track) -> Place:
        """How far the reader is, now that the event at this place was read."""
        before = track.place
        reached, missing = track.passed(place)
        self._reconnection.brought_something()
        if self._compression:
            self._compression.worked()
        if missing and before:
            LOST_SECONDS.labels(SOURCE_NAME).inc(missing.total_seconds())
            get_logger().error(
                "the source no longer had what the cursor asked for",
                missing_from=before.time.isoformat(),
                missing_until=place.time.isoformat(),
            )
        return reached
