"""Regular measurements of the broker and the database, for Prometheus and for features."""

from functools import partial

from fastapi import FastAPI

from sentistream_api.context import Context
from sentistream_api.monitoring.database_monitor import watch_database
from sentistream_api.monitoring.pipeline_monitor import PipelineMonitor


def install(_: FastAPI, context: Context) -> None:
    monitor = PipelineMonitor(context.redis, context.topology, context.broker)
    context.provide(monitor)
    context.background(monitor.run)
    context.background(partial(watch_database, context.pool, context.database))
