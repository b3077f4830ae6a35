"""Runs the three stages at the same time: reading, classifying and writing."""

import asyncio

from sentistream_core.dependency import GivingUpError
from sentistream_core.log import get_logger
from sentistream_core.operations_server import Health
from sentistream_core.shutdown import wait_at_most
from sentistream_worker import metrics
from sentistream_worker.pipeline.batch import Batch, ClassifiedBatch
from sentistream_worker.pipeline.claims import Claims
from sentistream_worker.pipeline.classifier import Classifier
from sentistream_worker.pipeline.flood import FloodGuard
from sentistream_worker.pipeline.reader import Reader
from sentistream_worker.pipeline.writer import Writer
from sentistream_worker.settings import WorkerSettings

_CLASSIFYING_AT_ONCE = 2
"""Two, so that the other threads work on the next batch while the last texts of the first keep one thread busy."""

_WAITING_AT_MOST = 1
"""Batches in the queue between two stages. It bounds memory when a later stage waits."""

_TIMEOUTS_OF_A_BATCH = 3
"""A batch that takes longer than this many database time-outs is being retried, and the worker is not ready."""


class Pipeline:
    """Runs until shutdown is requested, then finishes the batches that were read."""

    def __init__(
        self,
        reader: Reader,
        classifier: Classifier,
        writer: Writer,
        *,
        claims: Claims,
        health: Health,
        settings: WorkerSettings,
        stop: asyncio.Event,
    ) -> None:
        self._reader = reader
        self._classifier = classifier
        self._writer = writer
        self._claims = claims
        self._health = health
        self._settings = settings
        self._stop = stop
        self._overdue_seconds = _TIMEOUTS_OF_A_BATCH * settings.database_timeout_seconds
        self._flood = FloodGuard(ratio=settings.worker_flood_ratio, window=settings.worker_flood_window)
        self._read: asyncio.Queue[Batch | None] = asyncio.Queue(_WAITING_AT_MOST)
        self._classified: asyncio.Queue[ClassifiedBatch | None] = asyncio.Queue(_WAITING_AT_MOST)

    async def run(self) -> None:
        """Return when the last batch is finished.

        Raises:
            ExceptionGroup: an unexpected error; unacknowledged entries are delivered again to another worker.
        """
        async with asyncio.TaskGroup() as stages:
            stages.create_task(self._run_reader(), name="read")
            stages.create_task(self._run_classifiers(), name="classify")
            stages.create_task(self._run_writer(), name="write")

    async def _run_reader(self) -> None:
        async for batch in self._reader.batches():
            self._claims.hold(batch)
            await self._read.put(batch)
            if self._flood.is_flooded:
                await self._pause_for_flood()
        await self._read.put(None)

    async def _pause_for_flood(self) -> None:
        seconds = self._settings.worker_flood_pause_seconds
        get_logger().error("dead letters flood, pausing", seconds=seconds, ratio=self._settings.worker_flood_ratio)
        self._health.not_ready("flood", "paused: too many entries become dead letters")
        metrics.FLOOD_PAUSED.set(1)
        await wait_at_most(self._stop, seconds)
        metrics.FLOOD_PAUSED.set(0)
        self._health.ready("flood")
        self._flood.reset()

    async def _run_classifiers(self) -> None:
        async with asyncio.TaskGroup() as classifiers:
            for _ in range(_CLASSIFYING_AT_ONCE):
                classifiers.create_task(self._run_classifier())
        await self._classified.put(None)

    async def _run_classifier(self) -> None:
        while (batch := await self._read.get()) is not None:
            await self._classified.put(await self._classifier.classify(batch))
        await self._read.put(None)  # for the others

    async def _run_writer(self) -> None:
        while (classified := await self._classified.get()) is not None:
            try:
                with self._health.within(self._overdue_seconds, "storing and publishing a batch"):
                    dead = await self._writer.write(classified)
            except GivingUpError as error:
                get_logger().warning("left entries pending", entries=len(classified.batch.entries), error=str(error))
            else:
                self._flood.record(entries=len(classified.batch.entries), dead=dead)
            finally:
                self._claims.release(classified.batch)
                classified.batch.finished.set()
