"""Replaying a file into the stream."""

import asyncio
import time
from dataclasses import dataclass
from enum import IntEnum

from sentistream_core.post import Post
from sentistream_core.shutdown import wait_at_most
from sentistream_ingester.metrics import REJECTED_LINES
from sentistream_ingester.pacing import AsFastAsPossible, AtRate, Pacer
from sentistream_ingester.patterns import steady
from sentistream_ingester.replay.formats import Rejected
from sentistream_ingester.replay.progress import SHOWN_REJECTIONS, Progress, Standing
from sentistream_ingester.replay.reader import Input, Reader
from sentistream_ingester.session import broker_session, until_stopped
from sentistream_ingester.settings import ReplaySettings
from sentistream_ingester.writer import StreamWriter


class Outcome(IntEnum):
    """The values are exit codes."""

    COMPLETE = 0
    LINES_REJECTED = 1
    STOPPED = 3
    """By a signal, before the end of the file."""


@dataclass(frozen=True, slots=True)
class ReplayOptions:
    rate: float
    """Posts a second; 0 is as fast as the broker takes them."""
    strict: bool
    """Stop at the first rejected line; the posts before it are sent."""


async def replay(
    wanted: Input, options: ReplayOptions, settings: ReplaySettings, progress: Progress, stop: asyncio.Event
) -> Outcome:
    """Send the file's posts.

    Raises:
        OSError: the file cannot be read.
        UnusableFileError: nothing of it can be replayed.
    """
    async with broker_session(settings, stop) as (writer, back_pressure):
        pacer: Pacer = AsFastAsPossible(back_pressure=back_pressure, stop=stop)
        if options.rate > 0:
            interval = settings.ingester_interval_ms / 1000
            pacer = AtRate(steady(options.rate), interval=interval, back_pressure=back_pressure, stop=stop)
        replaying = _Replay(Reader(wanted), writer, pacer, progress, settings.ingester_chunk, strict=options.strict)
        showing = asyncio.create_task(replaying.show_progress(stop))
        try:
            await until_stopped(replaying.run(), stop)
        finally:
            showing.cancel()
            replaying.summarise(ends_by_signal=wanted.loop)
    if replaying.rejected:
        return Outcome.LINES_REJECTED
    return Outcome.COMPLETE if replaying.is_complete or wanted.loop else Outcome.STOPPED


class _Replay:
    def __init__(
        self, reader: Reader, writer: StreamWriter, pacer: Pacer, progress: Progress, chunk: int, *, strict: bool
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._pacer = pacer
        self._progress = progress
        self._chunk = chunk
        self._strict = strict
        self._began = time.monotonic()
        self.rejected = 0
        self.is_complete = False

    async def run(self) -> None:
        async for batch in self._reader.batches():
            posts: list[Post] = []
            for item in batch:
                if isinstance(item, Post):
                    posts.append(item)
                    continue
                self._reject(item)
                if self._strict:
                    break
            if not await self._send(posts) or (self._strict and self.rejected):
                return
        self.is_complete = True

    async def _send(self, posts: list[Post]) -> bool:
        """Whether all were sent; else the process has to stop."""
        while posts:
            count = await self._pacer.ready(min(len(posts), self._chunk))
            if count == 0:
                return False
            await self._writer.write(posts[:count])
            posts = posts[count:]
        return True

    def _reject(self, rejected: Rejected) -> None:
        self.rejected += 1
        REJECTED_LINES.inc()
        if self.rejected <= SHOWN_REJECTIONS:
            self._progress.reject(rejected, is_last_shown=self.rejected == SHOWN_REJECTIONS)

    async def show_progress(self, stop: asyncio.Event) -> None:
        while not await wait_at_most(stop, self._progress.interval_seconds):
            self._progress.show(self._standing())

    def summarise(self, *, ends_by_signal: bool) -> None:
        self._progress.summarise(
            self._standing(), unconfirmed=self._writer.in_hand, is_complete=self.is_complete or ends_by_signal
        )

    def _standing(self) -> Standing:
        return Standing(
            posts=self._writer.sent,
            rejected=self.rejected,
            seconds=time.monotonic() - self._began,
            round=self._reader.round,
            share=self._reader.share_read,
        )
