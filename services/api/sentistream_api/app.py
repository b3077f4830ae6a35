"""The ASGI application."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

from fastapi import FastAPI
from fastapi.exceptions import WebSocketRequestValidationError
from redis.asyncio import Redis
from starlette.middleware.cors import CORSMiddleware

from sentistream_api import health
from sentistream_api.access import routes as session
from sentistream_api.access.gate import Gate
from sentistream_api.access.keys import IssuerKeys, Keys, SecretKeys
from sentistream_api.access.rate_limit import RateLimit
from sentistream_api.access.tokens import TokenVerifier
from sentistream_api.dashboard import Dashboard
from sentistream_api.dead_letters import routes as dead_letters
from sentistream_api.http.body_limit import BodyLimit
from sentistream_api.http.request_metrics import RequestMetrics
from sentistream_api.http.security_headers import SecurityHeaders
from sentistream_api.live import routes as live
from sentistream_api.live.follower import Follower
from sentistream_api.live.hub import Hub
from sentistream_api.live.new_posts import POSTS_OF_UPDATE
from sentistream_api.openapi import describe
from sentistream_api.pipeline import routes as pipeline
from sentistream_api.pipeline.database_monitor import watch_database
from sentistream_api.pipeline.monitor import PipelineMonitor
from sentistream_api.posts import routes as posts
from sentistream_api.problems import add_problem_handlers
from sentistream_api.resources import Resources
from sentistream_api.retention import run_retention
from sentistream_api.settings import ApiSettings
from sentistream_api.stats import routes as stats
from sentistream_api.stats.cache import StatsCache
from sentistream_api.stats.service import current_stats
from sentistream_core import __version__
from sentistream_core.background import end_tasks
from sentistream_core.broker.client import connect
from sentistream_core.database.pool import create_pool, postgresql
from sentistream_core.dependency import Dependency
from sentistream_core.operations_server import Health, start_operations_server
from sentistream_core.tracing import trace_posts


def create_app(settings: ApiSettings) -> FastAPI:
    """The app; connections and background tasks live from its startup to its shutdown."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with trace_posts("api", settings) as tracing:
            health_state = Health()
            start_operations_server(settings, health_state)
            redis = connect(settings, f"api-{settings.pod_name}")
            pool = create_pool(
                settings.database_url, name="sentistream-api", size=2, timeout_seconds=settings.database_timeout_seconds
            )
            read_pool = create_pool(
                settings.database_read_url or settings.database_url,
                name="sentistream-api-reads",
                size=settings.api_database_connections,
                timeout_seconds=settings.api_read_timeout_seconds,
            )
            broker, database = Dependency("redis"), postgresql()
            follower = Follower(redis, broker, keep=POSTS_OF_UPDATE)
            hub = Hub(read_pool, follower, database, tracing, interval_ms=settings.live_interval_ms)
            monitor = PipelineMonitor(redis, broker, max_backlog=settings.api_max_backlog)
            app.state.resources = Resources(
                pool=pool,
                read_pool=read_pool,
                redis=redis,
                gate=_gate(settings, redis),
                pipeline=monitor,
                hub=hub,
                tracing=tracing,
                max_clients=settings.live_max_clients,
                live_origins=settings.live_origins,
                stats=StatsCache(redis, partial(current_stats, read_pool), milliseconds=settings.stats_cache_ms),
                kept=settings.kept,
            )
            async with AsyncExitStack() as connections, asyncio.TaskGroup() as background:
                for connection in (redis, pool, read_pool):
                    await connections.enter_async_context(connection)
                tasks = [
                    background.create_task(each)
                    for each in (
                        health_state.beat(),
                        follower.run(),
                        hub.run(),
                        monitor.run(),
                        watch_database(pool, database),
                        run_retention(pool, database, settings),
                    )
                ]
                health_state.started()
                yield
                await end_tasks(tasks)

    app = FastAPI(
        title="SentiStream",
        version=__version__,
        description="Sentiment of a stream of social posts: counts, history, posts and what happens now.",
        lifespan=lifespan,
    )
    describe(app)
    add_problem_handlers(app)
    app.add_exception_handler(WebSocketRequestValidationError, live.refuse_bad_query)  # type: ignore[arg-type]
    for router in (
        stats.router,
        posts.router,
        pipeline.router,
        dead_letters.router,
        session.router,
        health.router,
        live.router,
    ):
        app.include_router(router)
    if settings.dashboard_dir:
        app.mount("/", Dashboard(settings.dashboard_dir))
    # The last one added is the first to see a request.
    app.add_middleware(BodyLimit, max_bytes=settings.api_max_body_bytes)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=settings.cors_origins,
        allow_methods=["GET", "POST", "DELETE"],
        allow_headers=["Authorization", "Content-Type", "If-None-Match", "traceparent"],
        expose_headers=["ETag", "Retry-After"],
    )
    app.add_middleware(SecurityHeaders)
    app.add_middleware(RequestMetrics)
    return app


def _gate(settings: ApiSettings, redis: Redis) -> Gate:
    keys: Keys | None = None
    if settings.jwt_secret:
        secrets = (settings.jwt_secret, settings.jwt_former_secret)
        keys = SecretKeys([secret.get_secret_value() for secret in secrets if secret])
    elif settings.jwt_jwks_url:
        keys = IssuerKeys(str(settings.jwt_jwks_url))
    verifier = TokenVerifier(keys, issuer=settings.jwt_issuer, audience=settings.jwt_audience) if keys else None
    limit = settings.parsed_rate_limit
    return Gate(verifier, RateLimit(redis, limit) if limit else None, settings.trusted_proxy_hops)
