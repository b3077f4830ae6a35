"""Keeping the claims of batches in work, however long they take, so that no other worker takes them over."""

import asyncio

from redis.asyncio import Redis
from redis.exceptions import RedisError

from sentistream_core.broker.consumer_group import ConsumerGroup, keep_claims
from sentistream_worker.pipeline.batch import Batch


class Claims:
    def __init__(self, redis: Redis, place: ConsumerGroup, *, idle_milliseconds: int) -> None:
        self._redis = redis
        self._place = place
        self._interval = idle_milliseconds / 1000 / 3
        self._batches: set[Batch] = set()

    def hold(self, batch: Batch) -> None:
        self._batches.add(batch)

    def release(self, batch: Batch) -> None:
        self._batches.discard(batch)

    async def keep(self) -> None:
        """Runs as a task for as long as batches are in work."""
        while True:
            await asyncio.sleep(self._interval)
            entry_ids = [entry.id for batch in self._batches for entry in batch.entries]
            if not entry_ids:
                continue
            try:
                await keep_claims(self._redis, self._place, entry_ids)
            except RedisError:
                # The stages notice the outage and report it. A claim that is lost meanwhile costs a second
                # classification of the same posts, no more.
                continue
