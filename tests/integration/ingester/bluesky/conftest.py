"""A Bluesky ingester for each protocol, and the server that it reads."""

from collections.abc import AsyncIterator

import pytest
from pydantic import AnyUrl
from redis.asyncio import Redis

from sentistream_ingester.sources.bluesky.settings import BlueskySettings
from support.bluesky_ingester import Ingester
from support.jetstream import FakeJetstream, jetstream


@pytest.fixture(params=["v2", "v1"])
def protocol(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def server() -> AsyncIterator[FakeJetstream]:
    async with jetstream() as server:
        yield server


@pytest.fixture
def settings(redis_url: str, protocol: str) -> BlueskySettings:
    return BlueskySettings(
        redis_url=AnyUrl(redis_url),
        bluesky_protocol=protocol,
        bluesky_silence_seconds=120,
        ingester_languages="all",
    )


@pytest.fixture
def ingester(server: FakeJetstream, redis: Redis, settings: BlueskySettings) -> Ingester:
    return Ingester(server, redis, settings)
