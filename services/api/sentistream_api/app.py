"""The ASGI application."""

from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from typing import Final

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from sentistream_api import access, live, monitoring, submission
from sentistream_api.access.foreign_pages import ForeignPages
from sentistream_api.context import Context
from sentistream_api.dashboard import Dashboard
from sentistream_api.features import FEATURES, Feature
from sentistream_api.http.conditional import ConditionalGet
from sentistream_api.http.head import HeadAsGet
from sentistream_api.http.request_metrics import RequestMetrics
from sentistream_api.http.security_headers import SecurityHeaders
from sentistream_api.openapi import describe
from sentistream_api.problem_handler import add_problem_handler
from sentistream_api.settings import ApiSettings
from sentistream_core import __version__
from sentistream_core.broker.client import connect
from sentistream_core.database.pool import Pool, create_pool, postgresql
from sentistream_core.dependency import Dependency
from sentistream_core.operations_server import Health, start_operations_server
from sentistream_core.tracing import Tracing, trace_posts

_LIVE_CONNECTIONS: Final = 2
"""One for updates, and one for the snapshots of new clients."""


def create_app(settings: ApiSettings, features: Sequence[Feature] = FEATURES) -> FastAPI:
    """Create the app. From its startup to its shutdown, connections are open and background tasks run."""
    until_shutdown = ExitStack()
    context = _context(settings, until_shutdown.enter_context(trace_posts("api", settings)))
    health = Health()
    context.background(health.beat)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        with until_shutdown:
            start_operations_server(settings, health)
            async with context.running():
                health.started()
                yield

    app = FastAPI(
        title="SentiStream",
        version=__version__,
        description="Sentiment of a stream of social posts: counts, history, posts and live updates.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_tags=[_tag(feature) for feature in (*features, live)],
    )
    context.attach(app)
    describe(app, context)
    add_problem_handler(app)
    for part in (access, monitoring, submission, live, *features):
        part.install(app, context)
    live.open_socket(app, context)
    if settings.dashboard_dir:
        # Not mounted: a mount would also answer if a route has the path but not the method.
        app.router.default = Dashboard(settings.dashboard_dir)
    _add_middleware(app, settings)
    return app


def _tag(feature: Feature) -> dict[str, str]:
    """The tag of the feature's routes in the OpenAPI document."""
    name = feature.__name__.rpartition(".")[2].replace("_", " ")
    return {"name": name, "description": feature.__doc__ or ""}


def _context(settings: ApiSettings, tracing: Tracing) -> Context:
    return Context(
        settings,
        pool=create_pool(
            settings.database_url, name="sentistream-api", size=2, timeout_seconds=settings.database_timeout_seconds
        ),
        read_pool=_read_pool(settings, "sentistream-api-reads", size=settings.api_database_connections),
        search_pool=_read_pool(
            settings,
            "sentistream-api-searches",
            size=settings.api_search_connections,
            max_waiting=settings.api_search_connections,
        ),
        live_pool=_read_pool(settings, "sentistream-api-live", size=_LIVE_CONNECTIONS),
        redis=connect(settings, f"api-{settings.pod_name}"),
        topology=settings.topology,
        database=postgresql(),
        broker=Dependency("redis"),
        tracing=tracing,
    )


def _read_pool(settings: ApiSettings, name: str, *, size: int, max_waiting: int = 0) -> Pool:
    return create_pool(
        settings.database_read_url or settings.database_url,
        name=name,
        size=size,
        timeout_seconds=settings.api_read_timeout_seconds,
        max_waiting=max_waiting,
    )


def _add_middleware(app: FastAPI, settings: ApiSettings) -> None:
    """The middleware that is added last handles a request first."""
    app.add_middleware(ConditionalGet)
    app.add_middleware(ForeignPages, allowed=settings.cors_origins)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=settings.cors_origins,
        allow_methods=["GET", "POST", "DELETE"],
        allow_headers=["Authorization", "Content-Type", "If-None-Match", "traceparent"],
        expose_headers=["ETag", "Retry-After"],
    )
    app.add_middleware(SecurityHeaders)
    app.add_middleware(RequestMetrics)
    app.add_middleware(HeadAsGet)
