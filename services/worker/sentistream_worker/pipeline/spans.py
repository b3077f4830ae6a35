"""Spans for the traces of posts: queue, classify, store and publish."""

from collections.abc import Sequence
from datetime import datetime

from sentistream_core.broker.topology import Partition
from sentistream_core.classified_post import ProcessedPost
from sentistream_core.post import time_of_entry
from sentistream_core.tracing import Span, Tracing, is_traced


def record_spans(
    tracing: Tracing,
    partition: Partition,
    batch: Sequence[ProcessedPost],
    *,
    stored_at: datetime,
    published_at: datetime,
) -> None:
    """Record for each traced post when it waited in the stream, was classified, stored and published."""
    for processed in batch:
        classified = processed.classified
        if not is_traced(classified.post.traceparent):
            continue
        queue = {
            "messaging.system": "redis",
            "messaging.destination.name": partition.posts,
            "messaging.message.id": classified.stream_id,
        }
        classify: dict[str, str | int | float] = {
            "sentistream.batch.size": len(batch),
            "sentistream.model": classified.model,
            "sentistream.sentiment.label": classified.sentiment.label.value,
            "sentistream.sentiment.score": classified.sentiment.score,
        }
        publish = {"messaging.system": "redis", "messaging.destination.name": partition.processed}
        tracing.record(
            classified.post.traceparent,
            [
                Span(
                    "queue",
                    time_of_entry(classified.stream_id, latest=classified.read_at),
                    classified.read_at,
                    queue,
                ),
                Span("classify", classified.read_at, classified.classified_at, classify),
                Span("store", classified.classified_at, stored_at, {"db.system.name": "postgresql"}),
                Span("publish", stored_at, published_at, publish),
            ],
        )
