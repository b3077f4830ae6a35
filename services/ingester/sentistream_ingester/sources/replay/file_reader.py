"""Reads a file in a thread of its own, because reading a pipe may block for any time."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from io import FileIO
from itertools import count
from typing import TypeAlias

from sentistream_core.post import Post
from sentistream_ingester.source import Rejected
from sentistream_ingester.sources.replay.formats import Format, UnusableFileError, read_records
from sentistream_ingester.sources.replay.lines import LineReader
from sentistream_ingester.sources.replay.posts import post_of

Batch: TypeAlias = list[Post | Rejected]

_BATCHES_AHEAD = 4
"""Each is what one read returned: at most 64 KiB of lines, or one long line."""


@dataclass(frozen=True, slots=True)
class Input:
    name: str
    """As it was given."""
    open: Callable[[], FileIO]
    """Opens the file, unbuffered, at its beginning."""
    format: Format
    source: str
    """Source of posts that do not name one."""
    size: int | None
    """In bytes, where known."""
    loop: bool


class FileReader:
    def __init__(self, wanted: Input) -> None:
        self._input = wanted
        self._queue: asyncio.Queue[Batch | Exception | None] = asyncio.Queue()
        self._free = threading.Semaphore(_BATCHES_AHEAD)
        self._closed = False
        self._lines: LineReader | None = None
        self.round = 0
        """Rounds that were read to their end."""

    @property
    def share_read(self) -> float | None:
        """Share of this round that was read, where the size is known."""
        if not self._input.size or self._lines is None:
            return None
        return min(1.0, self._lines.bytes_read / self._input.size)

    async def batches(self) -> AsyncGenerator[Batch, None]:
        """Posts and rejected lines in the order of the file, as soon as they can be read, in batches of at least one.

        Raises:
            OSError: the file cannot be read.
            UnusableFileError: nothing of it can be replayed.
        """
        self._event_loop = asyncio.get_running_loop()
        # A daemon: the process must be able to leave while a pipe is silent.
        threading.Thread(target=self._read, name="replay-reader", daemon=True).start()
        try:
            while (batch := await self._queue.get()) is not None:
                if isinstance(batch, Exception):
                    raise batch
                self._free.release()
                yield batch
        finally:
            self._closed = True
            self._free.release()

    def _read(self) -> None:
        end: Exception | None = None
        try:
            for self.round in count():
                posts = self._read_round()
                if not self._input.loop or self._closed:
                    break
                if posts == 0:
                    raise UnusableFileError("there is no post in it, so looping would never end")  # noqa: TRY301
        except (OSError, UnusableFileError) as error:
            end = error
        self._hand_over(end)

    def _read_round(self) -> int:
        posts = 0
        batch: Batch = []

        def flush() -> None:
            nonlocal batch
            if batch and not self._closed:
                self._free.acquire()
                self._hand_over(batch)
                batch = []

        with closing(self._input.open()) as raw:
            self._lines = LineReader(raw, before_read=flush)
            for item in self._items(self._lines):
                if self._closed:
                    return posts
                posts += isinstance(item, Post)
                batch.append(item)
            flush()
        return posts

    def _items(self, lines: LineReader) -> Iterator[Post | Rejected]:
        for record in read_records(lines, self._input.format):
            if isinstance(record, Rejected):
                yield record
            else:
                yield post_of(record, source=self._input.source, round_number=self.round)

    def _hand_over(self, item: Batch | Exception | None) -> None:
        try:
            self._event_loop.call_soon_threadsafe(self._queue.put_nowait, item)
        except RuntimeError:  # the event loop has ended, and with it the replay
            self._closed = True
