"""The run of a source: its events into the stream, as fast as it may."""

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence

from sentistream_core.background import end_tasks, start_task
from sentistream_core.change import AuthorRemoval, Change, Deletion
from sentistream_core.log import get_logger
from sentistream_core.post import Post
from sentistream_core.shutdown import wait_at_most
from sentistream_ingester.intake import Intake
from sentistream_ingester.lease import Lease
from sentistream_ingester.memory import Memory
from sentistream_ingester.metrics import LAST_EVENT, REJECTED, SKIPPED
from sentistream_ingester.pacing import AsTheyCome, AtRate, Pacer
from sentistream_ingester.presence import Presence, announce
from sentistream_ingester.progress import Progress, Status
from sentistream_ingester.session import BrokerSession, broker_session, until_stopped
from sentistream_ingester.settings import IngesterSettings
from sentistream_ingester.source import Checkpoint, Event, Rejected, Result, Skipped, Source
from sentistream_ingester.turn import holding, wait_for_turn


async def run(name: str, source: Source, settings: IngesterSettings, progress: Progress, stop: asyncio.Event) -> Result:
    """Write the source's posts until it ends or `stop` is set. `name` is the source's label in metrics.

    Raises:
        UnusableSourceError: the source cannot be read; the posts before are written.
    """
    progress.begin(source.describe())
    async with broker_session(name, settings, stop) as session:
        ingestion = _Ingestion(name, source, settings, session, progress=progress, stop=stop)
        beside = [
            start_task(ingestion.show_progress(), "progress"),
            start_task(announce(session.broker.redis, settings.pod_name, ingestion.presence), "presence"),
        ]
        try:
            await until_stopped(ingestion.run(), stop)
        finally:
            await end_tasks(beside)
            progress.end(ingestion.status(), unconfirmed=session.writer.in_hand, is_complete=ingestion.is_complete)
    return Result(session.writer.sent, ingestion.rejected, ingestion.is_complete)


class _Ingestion:
    def __init__(
        self,
        name: str,
        source: Source,
        settings: IngesterSettings,
        session: BrokerSession,
        *,
        progress: Progress,
        stop: asyncio.Event,
    ) -> None:
        self._name = name
        self._source = source
        self._chunk = settings.ingester_chunk
        self._writer = session.writer
        self._pacer = _pacer(name, source, settings, session, stop)
        self._lease = Lease(session.broker, source.cursor_name) if source.cursor_name else None
        if source.cursor_name:
            source.use(Memory(session.broker, source.cursor_name))
        self._progress = progress
        self._stop = stop
        self._back_pressure = session.back_pressure
        self.presence = Presence(name, source.cursor_name or name)
        self._began = time.monotonic()
        self.rejected = 0
        self.skipped = 0
        self.is_complete = False

    async def run(self) -> None:
        if self._lease:
            await self._take_turns(self._lease)
        else:
            await self._read(self._source.events(None), lost=asyncio.Event())
        self.is_complete = not self._stop.is_set()

    async def _take_turns(self, lease: Lease) -> None:
        while await wait_for_turn(lease, self._name, self._stop):
            async with holding(lease) as lost:
                await self._read(self._source.events(await lease.cursor()), lost)
            self.presence.is_reading = False
            if not lost.is_set():
                return
            get_logger().warning("the source is left to another process, which took over")

    async def _read(self, events: AsyncGenerator[Event, None], lost: asyncio.Event) -> None:
        intake = Intake(events)
        self.presence.is_reading = True
        stop_waits = [asyncio.create_task(each.wait()) for each in (self._stop, lost)]
        for each in stop_waits:
            each.add_done_callback(lambda _: intake.end())
        try:
            while at_most := await self._pacer.ready(self._chunk):
                self.presence.allowed = self._back_pressure.share
                taken = await intake.take(at_most)
                if not taken:
                    break
                await self._write(taken)
        finally:
            for each in stop_waits:
                each.cancel()
            await intake.close()

    async def _write(self, events: Sequence[Event]) -> None:
        changes: list[Change] = []
        checkpoint: Checkpoint | None = None
        for event in events:
            self.presence.saw(event)
            match event:
                case Post() | Deletion() | AuthorRemoval():
                    changes.append(event)
                case Rejected():
                    self._reject(event)
                case Skipped():
                    self._skip(event)
                case Checkpoint():
                    checkpoint = event
        if changes:
            self._pacer.spend(len(changes))
            await self._writer.write(changes)
        if checkpoint and self._lease:
            if checkpoint.time:
                LAST_EVENT.labels(self._name).set(checkpoint.time.timestamp())
            self._lease.passed(checkpoint.cursor)

    def _reject(self, rejected: Rejected) -> None:
        self.rejected += 1
        REJECTED.labels(self._name, rejected.reason).inc()
        self._progress.reject(rejected)

    def _skip(self, skipped: Skipped) -> None:
        self.skipped += 1
        SKIPPED.labels(self._name, skipped.reason, skipped.lang).inc()

    async def show_progress(self) -> None:
        while not await wait_at_most(self._stop, self._progress.interval_seconds):
            self._progress.show(self.status())

    def status(self) -> Status:
        return Status(
            posts=self._writer.sent,
            rejected=self.rejected,
            skipped=self.skipped,
            seconds=time.monotonic() - self._began,
            position=self._source.position(),
        )


def _pacer(name: str, source: Source, settings: IngesterSettings, session: BrokerSession, stop: asyncio.Event) -> Pacer:
    if source.rate is None:
        return AsTheyCome(back_pressure=session.back_pressure, stop=stop)
    interval = settings.ingester_interval_ms / 1000
    return AtRate(source.rate, source=name, interval=interval, back_pressure=session.back_pressure, stop=stop)
