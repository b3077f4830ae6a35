"""What a process holds for its requests: database pools, the broker's client, the monitor and the live hub."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from redis.asyncio import Redis
from starlette.requests import HTTPConnection

from sentistream_api.access.gate import Gate
from sentistream_api.live.hub import Hub
from sentistream_api.pipeline.monitor import PipelineMonitor
from sentistream_api.stats.bucket_width import Kept
from sentistream_api.stats.cache import StatsCache
from sentistream_core.database import pool as database
from sentistream_core.tracing import Tracing


@dataclass(frozen=True, slots=True)
class Resources:
    pool: database.Pool
    """The primary database."""
    read_pool: database.Pool
    """Where requests read: a replica if there is one. Statements end after a few seconds."""
    redis: Redis
    gate: Gate
    pipeline: PipelineMonitor
    hub: Hub
    tracing: Tracing
    max_clients: int
    live_origins: tuple[str, ...] | None
    """Web origins besides the API's own that may open a WebSocket; None: any."""
    stats: StatsCache
    kept: Kept


def _resources(connection: HTTPConnection) -> Resources:
    resources: Resources = connection.app.state.resources
    return resources


def _read_pool(connection: HTTPConnection) -> database.Pool:
    return _resources(connection).read_pool


def _redis(connection: HTTPConnection) -> Redis:
    return _resources(connection).redis


AllResources = Annotated[Resources, Depends(_resources)]
ReadPool = Annotated[database.Pool, Depends(_read_pool)]
Broker = Annotated[Redis, Depends(_redis)]
