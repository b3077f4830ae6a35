"""Lines of a file or a pipe."""

import codecs
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

BLOCK_BYTES = 64 * 1024
MAX_LINE_BYTES = 1024 * 1024
"""No post needs more. Longer lines are cut there, so that memory stays bounded, and rejected for what they are then."""


class RawInput(Protocol):
    """An unbuffered binary file: `read` returns what there is, and nothing only at the end."""

    def read(self, size: int, /) -> bytes | None: ...


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    """Counted from 1."""
    text: str
    """With its line end; bytes that are not UTF-8 are kept as surrogates (PEP 383)."""


class LineReader:
    """Reads lines as they come; a byte order mark is dropped."""

    def __init__(self, raw: RawInput, *, before_read: Callable[[], None]) -> None:
        """`before_read` is called before each read, which may block for as long as a pipe is silent."""
        self._raw = raw
        self._before_read = before_read
        self.bytes_read = 0

    def __iter__(self) -> Iterator[Line]:
        for number, line in enumerate(self._lines(), start=1):
            without_mark = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
            yield Line(number, without_mark.decode(errors="surrogateescape"))

    def _lines(self) -> Iterator[bytes]:
        begun = bytearray()
        while block := self._read():
            *whole, rest = block.split(b"\n")
            for part in whole:
                yield bytes(begun + part)[:MAX_LINE_BYTES] + b"\n"
                begun.clear()
            if len(begun) < MAX_LINE_BYTES:
                begun += rest
        if begun:
            yield bytes(begun)[:MAX_LINE_BYTES]

    def _read(self) -> bytes:
        self._before_read()
        block = self._raw.read(BLOCK_BYTES) or b""
        self.bytes_read += len(block)
        return block
