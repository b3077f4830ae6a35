"""The last part of a traced post's way: from the processed stream to the clients."""

from collections.abc import Sequence
from datetime import datetime

from sentistream_api.live.follower import RawEntry
from sentistream_core.broker.streams import PROCESSED_STREAM
from sentistream_core.post import time_of_entry
from sentistream_core.tracing import Span, Tracing, is_traced


def record_broadcast(tracing: Tracing, entries: Sequence[RawEntry], sent_at: datetime, clients: int) -> None:
    """Record for each post that is traced how long it took until the update with it was queued for the clients."""
    for entry_id, fields in entries:
        traceparent = fields.get(b"traceparent", b"").decode(errors="replace")
        if is_traced(traceparent):
            published_as = entry_id.decode()
            attributes: dict[str, str | int | float] = {
                "messaging.system": "redis",
                "messaging.destination.name": PROCESSED_STREAM,
                "messaging.message.id": published_as,
                "sentistream.clients": clients,
            }
            published_at = time_of_entry(published_as, latest=sent_at)
            tracing.record(traceparent, [Span("broadcast", published_at, sent_at, attributes)])
