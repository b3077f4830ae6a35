"""The first stage: it reads new entries of a stream of posts and takes over entries that other workers left pending."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from sentistream_core.broker.client import is_outage
from sentistream_core.broker.consumer_group import (
    Consumer,
    Entry,
    claim,
    ensure_group,
    is_group_missing,
    list_pending,
    read_new,
)
from sentistream_core.dependency import Dependency, GivingUpError, retry
from sentistream_core.identifiers import EntryIds
from sentistream_core.log import get_logger
from sentistream_worker import metrics
from sentistream_worker.pipeline.batch import Batch
from sentistream_worker.pipeline.claim_plan import plan_claim
from sentistream_worker.pipeline.read_size import ReadSize
from sentistream_worker.settings import WorkerSettings

T = TypeVar("T")

_BLOCK_MILLISECONDS = 500
"""Also the longest delay of a shutdown: a blocked read is not cancelled, because its entries would be left pending."""


class Reader:
    """Yields batches of a partition until shutdown is requested. During an outage of the broker it waits."""

    def __init__(
        self,
        redis: Redis,
        consumer: Consumer,
        settings: WorkerSettings,
        *,
        ids: EntryIds,
        broker: Dependency,
        stop: asyncio.Event,
    ) -> None:
        self._redis = redis
        self._consumer = consumer
        self._settings = settings
        self._ids = ids
        self._broker = broker
        self._stop = stop
        self._size = ReadSize(settings.worker_batch_size)
        self._next_claim = 0.0
        self._last_batch: Batch | None = None

    async def batches(self) -> AsyncIterator[Batch]:
        # Entries left by an earlier process of this name belong to this one: it need not wait until they are idle.
        claim_idle = 0
        while not self._stop.is_set():
            try:
                if time.monotonic() >= self._next_claim:
                    async for batch in self._abandoned(claim_idle):
                        yield batch
                    claim_idle = self._settings.worker_claim_idle_ms
                    self._next_claim = time.monotonic() + claim_idle / 1000 / 3
                entries = await self._answer(self._read)
            except GivingUpError:
                return
            if entries:
                yield self._batch(entries)

    def _batch(self, entries: Sequence[Entry]) -> Batch:
        metrics.BATCH_SIZE.observe(len(entries))
        self._last_batch = Batch(self._consumer, [self._identified(entry) for entry in entries], datetime.now(UTC))
        return self._last_batch

    def _identified(self, entry: Entry) -> Entry:
        fields = self._ids.identified(entry.id, entry.fields)
        return entry if fields is entry.fields else replace(entry, fields=fields)

    async def _read(self) -> list[Entry]:
        size = self._size.entries
        entries = await read_new(self._redis, self._consumer, count=size, block_milliseconds=_BLOCK_MILLISECONDS)
        if entries and len(entries) < size and self._settings.worker_batch_wait_ms:
            await asyncio.sleep(self._settings.worker_batch_wait_ms / 1000)
            entries += await read_new(self._redis, self._consumer, count=size - len(entries), block_milliseconds=0)
        self._size.adapt(entries)
        return entries

    async def _abandoned(self, min_idle_milliseconds: int) -> AsyncIterator[Batch]:
        """Batches of pending entries that were idle for that long; only this consumer's own if the time is 0."""
        own = min_idle_milliseconds == 0
        while not self._stop.is_set():
            pending = await self._answer(
                partial(
                    list_pending,
                    self._redis,
                    self._consumer,
                    count=self._size.entries,
                    min_idle_milliseconds=min_idle_milliseconds,
                    own=own,
                )
            )
            plan = plan_claim(pending)
            if plan.alone:
                await self._wait_until_nothing_is_in_work()
            chosen = [plan.alone] if plan.alone else plan.together
            if not chosen:
                return
            entries = await self._answer(
                partial(claim, self._redis, self._consumer, chosen, min_idle_milliseconds=min_idle_milliseconds)
            )
            if entries:
                metrics.ENTRIES_CLAIMED.inc(len(entries))
                get_logger().info("took over entries", entries=len(entries), first_id=entries[0].id)
                yield self._batch(entries)
            if own or plan.alone:
                await self._wait_until_nothing_is_in_work()

    async def _wait_until_nothing_is_in_work(self) -> None:
        if self._last_batch:
            await self._last_batch.finished.wait()

    async def _answer(self, ask: Callable[[], Awaitable[T]]) -> T:
        """Repeat a command until the broker answers it. A missing consumer group is created.

        Raises:
            GivingUpError: shutdown was requested while the broker was away.
        """
        return await retry(
            partial(self._ask_with_group, ask),
            dependency=self._broker,
            is_outage=lambda error: is_outage(error) or is_group_missing(error),
            give_up=self._stop,
        )

    async def _ask_with_group(self, ask: Callable[[], Awaitable[T]]) -> T:
        try:
            return await ask()
        except ResponseError as error:
            if not is_group_missing(error):
                raise
            if await ensure_group(self._redis, self._consumer):
                get_logger().info(
                    "created the consumer group", stream=self._consumer.stream, group=self._consumer.group
                )
            return await ask()
