"""What a process holds for its requests: the database pool, the broker's client and the live hub."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from redis.asyncio import Redis
from starlette.requests import HTTPConnection

from sentistream_api.live.hub import Hub
from sentistream_core.database.pool import Pool


@dataclass(frozen=True, slots=True)
class Resources:
    pool: Pool
    redis: Redis
    hub: Hub
    max_clients: int


def _resources(connection: HTTPConnection) -> Resources:
    resources: Resources = connection.app.state.resources
    return resources


def _pool(connection: HTTPConnection) -> Pool:
    return _resources(connection).pool


def _hub(connection: HTTPConnection) -> Hub:
    return _resources(connection).hub


AllResources = Annotated[Resources, Depends(_resources)]
DatabasePool = Annotated[Pool, Depends(_pool)]
LiveHub = Annotated[Hub, Depends(_hub)]
