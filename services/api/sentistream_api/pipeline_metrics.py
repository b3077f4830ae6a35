"""Stream lag for Prometheus. Every API pod measures the same streams, so queries take the maximum."""

import asyncio
from typing import Final

from redis.asyncio import Redis

from sentistream_api import metrics
from sentistream_core.broker.backlog import Backlog, measure
from sentistream_core.broker.client import is_outage
from sentistream_core.broker.streams import POSTS_STREAM, WORKER_GROUP
from sentistream_core.dependency import Dependency

_EVERY_SECONDS: Final = 1.0
_LABELS: Final = (POSTS_STREAM, WORKER_GROUP)
_GAUGES: Final = (
    metrics.STREAM_LENGTH,
    metrics.STREAM_LAG,
    metrics.STREAM_LAG_KNOWN,
    metrics.STREAM_PENDING,
    metrics.STREAM_BACKLOG,
    metrics.STREAM_OLDEST,
)


async def measure_forever(redis: Redis, broker: Dependency) -> None:
    """Runs as a task. While the broker is away the gauges are absent: a stale lag would mislead the autoscaler."""
    while True:
        try:
            _publish(await measure(redis))
            broker.succeeded()
        except Exception as error:
            if not is_outage(error):
                raise
            broker.failed(error)
            for gauge in _GAUGES:
                gauge.clear()
        await asyncio.sleep(_EVERY_SECONDS)


def _publish(backlog: Backlog) -> None:
    metrics.STREAM_LENGTH.labels(*_LABELS).set(backlog.length)
    metrics.STREAM_LAG.labels(*_LABELS).set(backlog.lag)
    metrics.STREAM_LAG_KNOWN.labels(*_LABELS).set(backlog.lag_known)
    metrics.STREAM_PENDING.labels(*_LABELS).set(backlog.pending)
    metrics.STREAM_BACKLOG.labels(*_LABELS).set(backlog.backlog)
    metrics.STREAM_OLDEST.labels(*_LABELS).set(backlog.oldest_unprocessed_seconds)
