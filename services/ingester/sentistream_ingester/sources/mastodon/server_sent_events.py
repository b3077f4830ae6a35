"""Server-sent events (html.spec.whatwg.org, section 9.2.6), from chunks that begin and end anywhere."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_MOST_BYTES: Final = 2_000_000
"""Of an event; a status has some tens of thousands."""


@dataclass(frozen=True, slots=True)
class ServerSentEvent:
    name: str
    data: str


@dataclass(frozen=True, slots=True)
class Comment:
    """What keeps the connection alive."""

    text: str


class EventTooLongError(Exception):
    """An event has more than two megabytes."""


class EventDecoder:
    """Lines end in LF, CRLF or CR. Bytes that are not UTF-8 are replaced, as the standard says."""

    def __init__(self) -> None:
        self._rest = b""
        self._ended_in_cr = False
        self._name = ""
        self._data: list[str] = []
        self._bytes = 0

    def feed(self, chunk: bytes) -> Iterator[ServerSentEvent | Comment]:
        """What is complete by now.

        Raises:
            EventTooLongError: nothing of it may be fed any more.
        """
        new = chunk[1:] if self._ended_in_cr and chunk.startswith(b"\n") else chunk  # the line has ended already
        self._ended_in_cr = chunk.endswith(b"\r")
        lines = (self._rest + new).replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        self._rest = lines.pop()
        for line in lines:
            self._bytes += len(line)
            yield from self._line(line.decode(errors="replace"))
        if self._bytes + len(self._rest) > _MOST_BYTES:
            raise EventTooLongError

    def _line(self, line: str) -> Iterator[ServerSentEvent | Comment]:
        if not line:
            if self._data:
                yield ServerSentEvent(self._name or "message", "\n".join(self._data))
            self._name, self._data, self._bytes = "", [], 0
            return
        field, _, value = line.partition(":")
        match field:
            case "":
                yield Comment(value)
            case "event":
                self._name = value.removeprefix(" ")
            case "data":
                self._data.append(value.removeprefix(" "))
