"""The third stage: it commits to the database, then publishes and acknowledges."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from redis.asyncio import Redis

from sentistream_core.broker.client import is_out_of_memory, is_outage
from sentistream_core.broker.consumer_group import Consumer
from sentistream_core.classified_post import ProcessedPost
from sentistream_core.database.pool import Pool
from sentistream_core.database.posts import Conflict
from sentistream_core.dead_letter import DeadLetter
from sentistream_core.dependency import Dependency, describe_error, retry
from sentistream_core.log import get_logger
from sentistream_core.post import time_of_entry
from sentistream_core.tracing import Tracing
from sentistream_worker import metrics
from sentistream_worker.failure import FailureReason
from sentistream_worker.pipeline.acknowledgement import acknowledge_unpublished, publish, write_dead_letters
from sentistream_worker.pipeline.batch import ClassifiedBatch
from sentistream_worker.pipeline.decoding import as_dead_letter
from sentistream_worker.pipeline.removing import Removing
from sentistream_worker.pipeline.spans import record_spans
from sentistream_worker.pipeline.storing import Storing
from sentistream_worker.settings import WorkerSettings


class Writer:
    """Finishes batches. An entry is acknowledged only after its effect is committed or its dead letter is written.

    That also holds during an outage of the database or the broker.
    """

    def __init__(
        self,
        pool: Pool,
        redis: Redis,
        settings: WorkerSettings,
        *,
        dependencies: tuple[Dependency, Dependency],
        tracing: Tracing,
        give_up: asyncio.Event,
    ) -> None:
        database, self._broker = dependencies
        self._removing = Removing(pool, database, give_up=give_up)
        self._storing = Storing(pool, database, give_up=give_up)
        self._redis = redis
        self._settings = settings
        self._tracing = tracing
        self._give_up = give_up
        self.ended = 0
        """How many entries this worker has finished so far, dead letters included."""

    async def write(self, classified: ClassifiedBatch) -> int:
        """Remove, store, publish and acknowledge a batch. Returns how many of its entries became dead letters.

        Removals come first, so that a post that is removed in the same batch is not stored, whatever their order.

        Raises:
            GivingUpError: the database or the broker was away until the process had to stop. Unacknowledged entries are
                delivered again.
        """
        removed = await self._removing.remove(classified.removals)
        results, rejected = await self._storing.store(classified.posts)
        entries = {entry.id: entry for entry in classified.batch.entries}
        now = datetime.now(UTC)
        dead_letters = [
            *classified.dead_letters,
            *(
                as_dead_letter(entries[post.stream_id], FailureReason.REJECTED_BY_DATABASE, describe_error(error), now)
                for post, error in rejected
            ),
        ]
        processed = [post for stored in results for post in stored.posts]
        given_up = {letter.original_id for letter in dead_letters}
        consumer = classified.batch.consumer
        done = [entry_id for entry_id in entries if entry_id not in given_up]
        await self._publish(consumer, processed, removed, dead_letters, done)
        record_spans(self._tracing, consumer.partition, processed, stored_at=now, published_at=datetime.now(UTC))
        self.ended += len(entries)
        self._count(processed, dead_letters)
        self._report([conflict for stored in results for conflict in stored.conflicts])
        return len(dead_letters)

    async def _publish(
        self,
        consumer: Consumer,
        processed: Sequence[ProcessedPost],
        removed: Sequence[UUID],
        dead_letters: Sequence[DeadLetter],
        done: Sequence[str],
    ) -> None:
        with metrics.STAGE_SECONDS.labels("publish").time():
            if dead_letters:
                await self._until_the_broker_answers(
                    partial(write_dead_letters, self._redis, consumer, dead_letters),
                )
            if done:
                await self._publish_or_leave_a_gap(consumer, processed, removed, done)

    async def _publish_or_leave_a_gap(
        self, consumer: Consumer, processed: Sequence[ProcessedPost], removed: Sequence[UUID], done: Sequence[str]
    ) -> None:
        """Publish and acknowledge; at maxmemory only acknowledge, because trimming such entries frees memory."""
        keep_entries = self._settings.processed_max_entries
        try:
            await self._until_the_broker_answers(
                partial(
                    publish,
                    self._redis,
                    consumer,
                    processed,
                    removed=removed,
                    entry_ids=done,
                    keep_entries=keep_entries,
                ),
                is_outage=lambda error: is_outage(error) and not is_out_of_memory(error),
            )
        except Exception as error:
            if not is_out_of_memory(error):
                raise
            get_logger().warning("broker is out of memory, stored posts are not published", posts=len(processed))
            await self._until_the_broker_answers(
                partial(
                    acknowledge_unpublished,
                    self._redis,
                    consumer,
                    posts=len(processed),
                    entry_ids=done,
                    keep_entries=keep_entries,
                )
            )
            metrics.UNPUBLISHED.inc(len(processed))

    async def _until_the_broker_answers(
        self, operation: Callable[[], Awaitable[None]], is_outage: Callable[[Exception], bool] = is_outage
    ) -> None:
        await retry(operation, dependency=self._broker, is_outage=is_outage, give_up=self._give_up)

    def _count(self, processed: Sequence[ProcessedPost], dead_letters: Sequence[DeadLetter]) -> None:
        now = time.time()
        for each in processed:
            sentiment = each.classified.sentiment
            metrics.POSTS_PROCESSED.labels(sentiment.label.value).inc()
            metrics.SENTIMENT_SCORE.labels(sentiment.label.value).observe(sentiment.score)
            written_at = time_of_entry(each.classified.stream_id, latest=each.classified.read_at)
            metrics.POST_SECONDS.observe(now - written_at.timestamp())
        for letter in dead_letters:
            metrics.DEAD_LETTERS.labels(letter.reason).inc()
            get_logger().warning(
                "dead letter",
                reason=letter.reason,
                detail=letter.detail,
                entry=letter.original_id,
                post=letter.fields.get(b"id", b"")[:80].decode(errors="replace") or None,
                attempts=letter.attempts,
            )

    def _report(self, conflicts: Sequence[Conflict]) -> None:
        """Log one line for the batch, without the content of posts."""
        if not conflicts:
            return
        metrics.CONFLICTING.inc(len(conflicts))
        first = conflicts[0]
        get_logger().warning(
            "dropped posts that have the id of a stored post but other content",
            posts=len(conflicts),
            post=str(first.arrived.post.id),
            entry=first.arrived.stream_id,
            source=first.arrived.post.source[:80],
            stored_entry=first.stored_stream_id,
        )
