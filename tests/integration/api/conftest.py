"""The API over a real database and broker: in the test's own process, or in one of its own."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import httpx
import pytest
from pydantic import AnyUrl

from sentistream_api.app import create_app
from sentistream_api.settings import ApiSettings
from sentistream_local.pipeline import LocalPipeline
from support.live import start_live_api
from support.waiting import eventually

StartApi = Callable[..., Awaitable[httpx.AsyncClient]]


@pytest.fixture
async def start_api(database_url: str, redis_url: str) -> AsyncIterator[StartApi]:
    """Start the API with settings of the test's choice; a client of it."""
    async with AsyncExitStack() as stack:

        async def start(**settings: object) -> httpx.AsyncClient:
            defaults = {
                "metrics_port": 0,
                "redis_url": AnyUrl(redis_url),
                "database_url": AnyUrl(database_url),
            }
            app = create_app(ApiSettings(**{**defaults, **settings}))  # type: ignore[arg-type]
            await stack.enter_async_context(app.router.lifespan_context(app))
            transport = httpx.ASGITransport(app, raise_app_exceptions=False)
            return await stack.enter_async_context(httpx.AsyncClient(transport=transport, base_url="http://api"))

        yield start


@pytest.fixture
async def api(start_api: StartApi) -> httpx.AsyncClient:
    client = await start_api()
    await eventually(lambda: client.get("/api/pipeline"), lambda response: response.status_code == 200)
    return client


@pytest.fixture
def live(pipeline: LocalPipeline) -> str:
    """Address of the WebSocket of an API."""
    return start_live_api(pipeline)
