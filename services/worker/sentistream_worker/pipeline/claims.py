"""Renewing the claims of batches that are being processed, so that no other worker takes their entries over."""

import asyncio
from contextlib import suppress

from redis.asyncio import Redis
from redis.exceptions import RedisError

from sentistream_core.broker.consumer_group import Consumer, keep_claims
from sentistream_worker.pipeline.batch import Batch


class Claims:
    def __init__(self, redis: Redis, *, idle_milliseconds: int) -> None:
        self._redis = redis
        self._interval = idle_milliseconds / 1000 / 3
        self._batches: set[Batch] = set()

    def hold(self, batch: Batch) -> None:
        self._batches.add(batch)

    def release(self, batch: Batch) -> None:
        self._batches.discard(batch)

    async def keep(self) -> None:
        """Renew the claims three times per idle time. Runs as a task until it is cancelled."""
        while True:
            await asyncio.sleep(self._interval)
            entry_ids: dict[Consumer, list[str]] = {}
            for batch in self._batches:
                entry_ids.setdefault(batch.consumer, []).extend(entry.id for entry in batch.entries)
            for consumer, held in entry_ids.items():
                # The stages notice an outage and report it. If a claim is lost meanwhile, the posts are only
                # classified a second time.
                with suppress(RedisError):
                    await keep_claims(self._redis, consumer, held)
