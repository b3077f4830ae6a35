"""Measures the database every 15 seconds, for Prometheus."""

import asyncio
from typing import Final

from sentistream_api import metrics
from sentistream_core.database.pool import Pool, is_outage
from sentistream_core.database.server_statistics import DatabaseStatistics, read_statistics
from sentistream_core.dependency import Dependency

_EVERY_SECONDS: Final = 15.0
_GAUGES: Final = (
    metrics.DATABASE_SIZE,
    metrics.DATABASE_POSTS_SIZE,
    metrics.DATABASE_CONNECTIONS,
    metrics.DATABASE_MAX_CONNECTIONS,
    metrics.DATABASE_TRANSACTIONS,
    metrics.DATABASE_DEADLOCKS,
    metrics.DATABASE_OLDEST_TRANSACTION,
)


async def watch_database(pool: Pool, database: Dependency) -> None:
    """Runs as a task. During an outage the gauges are absent: old values would look like current ones."""
    while True:
        try:
            statistics = await read_statistics(pool)
        except Exception as error:
            if not is_outage(error):
                raise
            database.failed(error)
            for gauge in _GAUGES:
                gauge.clear()
        else:
            database.succeeded()
            _publish(database.name, statistics)
        await asyncio.sleep(_EVERY_SECONDS)


def _publish(server: str, statistics: DatabaseStatistics) -> None:
    metrics.DATABASE_SIZE.labels(server).set(statistics.size_bytes)
    metrics.DATABASE_POSTS_SIZE.labels(server).set(statistics.posts_bytes)
    metrics.DATABASE_CONNECTIONS.labels(server).set(statistics.connections)
    metrics.DATABASE_MAX_CONNECTIONS.labels(server).set(statistics.max_connections)
    metrics.DATABASE_TRANSACTIONS.labels(server, "committed").set(statistics.committed)
    metrics.DATABASE_TRANSACTIONS.labels(server, "rolled_back").set(statistics.rolled_back)
    metrics.DATABASE_DEADLOCKS.labels(server).set(statistics.deadlocks)
    metrics.DATABASE_OLDEST_TRANSACTION.labels(server).set(statistics.oldest_transaction_seconds)
