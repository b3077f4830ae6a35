"""The second stage: it decodes entries and classifies their posts."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from sentistream_core.broker.consumer_group import Entry
from sentistream_core.classified_post import ClassifiedPost
from sentistream_core.dead_letter import DeadLetter
from sentistream_core.dependency import describe_error
from sentistream_core.post import Post
from sentistream_core.sentiment import Sentiment
from sentistream_worker import metrics
from sentistream_worker.capacity import Capacity
from sentistream_worker.failure import FailureReason
from sentistream_worker.model import Model
from sentistream_worker.pipeline.batch import Batch, ClassifiedBatch
from sentistream_worker.pipeline.bisect import bisect
from sentistream_worker.pipeline.decoding import as_dead_letter, decode_entries


class Classifier:
    """Classifies batches. A post on which the model fails becomes a dead letter and does not affect the others."""

    def __init__(self, model: Model, capacity: Capacity, *, max_deliveries: int) -> None:
        self._model = model
        self._capacity = capacity
        self._max_deliveries = max_deliveries

    async def classify(self, batch: Batch) -> ClassifiedBatch:
        decoded = decode_entries(batch.entries, max_deliveries=self._max_deliveries, now=datetime.now(UTC))
        with self._capacity.measure(len(decoded.posts)), metrics.STAGE_SECONDS.labels("classify").time():
            results, failed = await bisect(decoded.posts, self._sentiments, is_fault_of_item=_is_fault_of_text)
        classified_at = datetime.now(UTC)
        return ClassifiedBatch(
            batch,
            posts=[
                ClassifiedPost(
                    post=post,
                    stream_id=entry.id,
                    sentiment=sentiment,
                    model=self._model.model,
                    read_at=batch.read_at,
                    classified_at=classified_at,
                )
                for part in results
                for (entry, post), sentiment in part
            ],
            removals=decoded.removals,
            dead_letters=[
                *decoded.dead_letters,
                *(_failed(entry, error, classified_at) for (entry, _), error in failed),
            ],
        )

    async def _sentiments(self, posts: Sequence[tuple[Entry, Post]]) -> list[tuple[tuple[Entry, Post], Sentiment]]:
        texts = [post.content for _, post in posts]
        sentiments = await asyncio.to_thread(self._model.classify, texts)
        return list(zip(posts, sentiments, strict=True))


def _is_fault_of_text(error: Exception) -> bool:
    """Running out of memory is the process's fault; every other error of the model is attributed to the text."""
    return not isinstance(error, MemoryError)


def _failed(entry: Entry, error: Exception, now: datetime) -> DeadLetter:
    return as_dead_letter(entry, FailureReason.CLASSIFICATION_FAILED, describe_error(error), now)
