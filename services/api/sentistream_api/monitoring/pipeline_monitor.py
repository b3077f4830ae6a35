"""Measures the streams once a second, for Prometheus, for requests and for the admission of posts."""

import asyncio
import time
from collections import deque
from datetime import datetime
from typing import Final

from redis.asyncio import Redis

from sentistream_api import metrics
from sentistream_api.monitoring.rates import Rates, rates_of
from sentistream_api.monitoring.sample import BrokerStatistics, Sample, take_sample
from sentistream_core.broker.client import is_outage
from sentistream_core.broker.consumer_group import WORKER_GROUP
from sentistream_core.broker.topology import Topology
from sentistream_core.dependency import Dependency

_EVERY_SECONDS: Final = 1.0
_SAMPLES: Final = 11
"""Rates are means over ten seconds."""

_GAUGES: Final = (
    metrics.STREAM_LENGTH,
    metrics.STREAM_ENTRIES_ADDED,
    metrics.STREAM_LAG,
    metrics.STREAM_LAG_KNOWN,
    metrics.STREAM_PENDING,
    metrics.STREAM_BACKLOG,
    metrics.STREAM_OLDEST,
    metrics.WORKERS,
    metrics.DEAD_LETTERS_KEPT,
    metrics.BROKER_MEMORY_USED,
    metrics.BROKER_MEMORY_LIMIT,
    metrics.BROKER_CLIENTS,
    metrics.BROKER_COMMANDS,
    metrics.BROKER_PERSISTS,
)


class PipelineMonitor:
    def __init__(self, redis: Redis, topology: Topology, broker: Dependency) -> None:
        self._redis = redis
        self._topology = topology
        self._broker = broker
        self._samples: deque[Sample] = deque(maxlen=_SAMPLES)
        self.looked_at = 0.0
        """When the latest sample was begun (monotonic clock). Posts written before are included in it."""

    async def run(self) -> None:
        """Runs as a task. During an outage the gauges are absent: an old lag would mislead the autoscaler."""
        while True:
            try:
                begun = time.monotonic()
                sample = await take_sample(self._redis, self._topology)
                self.looked_at = begun
                self._broker.succeeded()
                self._samples.append(sample)
                _publish(sample)
                _publish_server(self._broker.name, sample.server)
            except Exception as error:
                if not is_outage(error):
                    raise
                self._broker.failed(error)
                self._samples.clear()
                for gauge in _GAUGES:
                    gauge.clear()
            await asyncio.sleep(_EVERY_SECONDS)

    @property
    def complete_until(self) -> datetime | None:
        """From when on figures lack posts that wait; None: nothing waited, or the broker is away."""
        return self._samples[-1].backlog.complete_until if self._samples else None

    def latest(self) -> tuple[Sample, Rates] | None:
        """What was seen last, at most about a second ago; None while the broker is away."""
        return (self._samples[-1], rates_of(self._samples)) if self._samples else None


def _publish(sample: Sample) -> None:
    for each in sample.partitions:
        labels, backlog = (each.partition.posts, WORKER_GROUP), each.backlog
        metrics.STREAM_LENGTH.labels(*labels).set(backlog.length)
        metrics.STREAM_ENTRIES_ADDED.labels(*labels).set(each.added)
        metrics.STREAM_LAG.labels(*labels).set(backlog.lag)
        metrics.STREAM_LAG_KNOWN.labels(*labels).set(backlog.lag_known)
        metrics.STREAM_PENDING.labels(*labels).set(backlog.pending)
        metrics.STREAM_BACKLOG.labels(*labels).set(backlog.backlog)
        metrics.STREAM_OLDEST.labels(*labels).set(backlog.oldest_unprocessed_seconds)
        metrics.WORKERS.labels(*labels).set(sample.workers)
        metrics.DEAD_LETTERS_KEPT.labels(each.partition.dead_letters).set(each.dead_letters)


def _publish_server(server: str, statistics: BrokerStatistics) -> None:
    for gauge, value in (
        (metrics.BROKER_MEMORY_USED, statistics.used_memory),
        (metrics.BROKER_MEMORY_LIMIT, statistics.max_memory),
        (metrics.BROKER_CLIENTS, statistics.clients),
        (metrics.BROKER_COMMANDS, statistics.commands),
        (metrics.BROKER_PERSISTS, statistics.append_only_file_ok),
    ):
        if value is None:
            gauge.clear()
        else:
            gauge.labels(server).set(value)
