"""Looks at the database every few seconds, for Prometheus."""

import asyncio
from typing import Final

from sentistream_api import metrics
from sentistream_core.database.figures import DatabaseFigures, read_figures
from sentistream_core.database.pool import Pool, is_outage
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
    """Runs as a task. While the database is away the gauges are absent, as old figures would look like new ones."""
    while True:
        try:
            figures = await read_figures(pool)
        except Exception as error:
            if not is_outage(error):
                raise
            database.failed(error)
            for gauge in _GAUGES:
                gauge.clear()
        else:
            database.succeeded()
            _publish(database.name, figures)
        await asyncio.sleep(_EVERY_SECONDS)


def _publish(server: str, figures: DatabaseFigures) -> None:
    metrics.DATABASE_SIZE.labels(server).set(figures.size_bytes)
    metrics.DATABASE_POSTS_SIZE.labels(server).set(figures.posts_bytes)
    metrics.DATABASE_CONNECTIONS.labels(server).set(figures.connections)
    metrics.DATABASE_MAX_CONNECTIONS.labels(server).set(figures.max_connections)
    metrics.DATABASE_TRANSACTIONS.labels(server, "committed").set(figures.committed)
    metrics.DATABASE_TRANSACTIONS.labels(server, "rolled_back").set(figures.rolled_back)
    metrics.DATABASE_DEADLOCKS.labels(server).set(figures.deadlocks)
    metrics.DATABASE_OLDEST_TRANSACTION.labels(server).set(figures.oldest_transaction_seconds)
