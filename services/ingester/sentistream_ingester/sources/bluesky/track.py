"""How far a reader is, and where the next connection begins."""

from datetime import UTC, datetime, timedelta
from typing import Final

from sentistream_ingester.reconnection import ConnectionLostError
from sentistream_ingester.sources.bluesky.place import Place, microseconds
from sentistream_ingester.sources.bluesky.protocols import OVERLAP_US, JetstreamProtocol

_KEPT_AT_LEAST: Final = timedelta(hours=24)
"""A v1 server does not say that a cursor is older than what it keeps."""


class Track:
    """The place of a reader, which never goes back: servers repeat events, and may repeat an hour of them."""

    def __init__(self, protocol: JetstreamProtocol, place: Place | None) -> None:
        self._protocol = protocol
        self._by_time = protocol.numbers_are_times
        self._is_first = True
        self._may_be_gap = False
        self._began: datetime | None = None
        self.place = place

    def cursor(self, *, now: datetime | None = None) -> int | None:
        """What a new connection asks for; None is to begin with what happens now."""
        now = now or datetime.now(UTC)
        self._is_first = True
        if self.place is None:
            began, self._began = self._began, self._began or now
            # Nothing has come yet; what happens between two connections must not be left out.
            return microseconds(began) if began else None
        if self._protocol.numbers_are_times and now - self.place.time > _KEPT_AT_LEAST:
            self._may_be_gap = True
        return max(0, self.place.time_us - OVERLAP_US) if self._by_time else self.place.number

    def lost_some(self) -> None:
        """The server has said that the cursor is too old: go on with the oldest that it has."""
        self._by_time = True
        self._may_be_gap = True

    def passed(self, place: Place) -> tuple[Place, timedelta]:
        """An event was read; where the reader is now, and how much time is missing before it, which is told once.

        Raises:
            ConnectionLostError: the server numbers its events in another way than the one that the cursor is of. The
                next connection asks by time.
        """
        before, is_first, self._is_first = self.place, self._is_first, False
        if before is None:
            reached = place
        elif is_first and self._by_time and not self._protocol.numbers_are_times:
            self._by_time = False  # from here on its own numbers hold
            reached = Place(place.number, max(before.time_us, place.time_us))
        elif is_first and not self._by_time and place.number < before.number:
            self._by_time = True
            raise ConnectionLostError(
                "renumbered", f"the server is at {place.number}, and {before.number} was asked for: is it another one?"
            )
        elif place.number > before.number:
            reached = Place(place.number, max(before.time_us, place.time_us))
        else:
            reached = before
        self.place = reached
        return reached, self._gap(before, place) if is_first and before else timedelta(0)

    def _gap(self, before: Place, place: Place) -> timedelta:
        if not self._may_be_gap:
            return timedelta(0)
        self._may_be_gap = False
        return max(place.time - before.time, timedelta(0))
