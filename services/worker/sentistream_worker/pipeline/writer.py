"""The third stage: commit to the database, then publish and acknowledge."""

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
    """Ends batches: each entry has had its effect in the database, or is a dead letter, before it is acknowledged.

    That holds whatever goes away meanwhile.
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
        """Entries that are done or given up so far."""

    async def write(self, classified: ClassifiedBatch) -> int:
        """Remove, store, publish and acknowledge a batch; how many of its entries became dead letters.

        A post that is gone is not stored, even if it came before the entry that says so.

        Raises:
            GivingUpError: the database or the broker was away until the process had to leave. What was not
                acknowledged is delivered again.
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
        """A broker at maxmemory must not keep entries that are done: their memory is what it lacks."""
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
            get_logger().warning("no memory to publish posts that are stored", posts=len(processed))
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
        """One line for a batch, without what anybody wrote."""
        if not conflicts:
            return
        metrics.CONFLICTING.inc(len(conflicts))
        first = conflicts[0]
        get_logger().warning(
            "dropped posts that came with the id of a stored post and another content",
            posts=len(conflicts),
            post=str(first.arrived.post.id),
            entry=first.arrived.stream_id,
            source=first.arrived.post.source[:80],
            stored_entry=first.stored_stream_id,
        )
