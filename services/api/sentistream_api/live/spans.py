"""The last span of a traced post: from the processed stream to the clients."""

from collections.abc import Sequence
from datetime import datetime

from sentistream_api.live.follower import RawEntry
from sentistream_core.post import time_of_entry
from sentistream_core.tracing import Span, Tracing, is_traced


def record_broadcast(tracing: Tracing, entries: Sequence[RawEntry], sent_at: datetime, clients: int) -> None:
    """Record for each traced post the time until the update with it was queued for the clients."""
    for entry in entries:
        traceparent = entry.fields.get(b"traceparent", b"").decode(errors="replace")
        if is_traced(traceparent):
            attributes: dict[str, str | int | float] = {
                "messaging.system": "redis",
                "messaging.destination.name": entry.stream,
                "messaging.message.id": entry.id,
                "sentistream.clients": clients,
            }
            published_at = time_of_entry(entry.id, latest=sent_at)
            tracing.record(traceparent, [Span("broadcast", published_at, sent_at, attributes)])
