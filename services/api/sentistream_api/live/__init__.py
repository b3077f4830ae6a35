"""What happens now, to many clients over WebSockets."""

from fastapi import FastAPI
from fastapi.exceptions import WebSocketRequestValidationError

from sentistream_api.access.gate import Gate
from sentistream_api.context import Context
from sentistream_api.live.door import Door
from sentistream_api.live.follower import Follower
from sentistream_api.live.hub import Hub
from sentistream_api.live.new_posts import POSTS_OF_UPDATE
from sentistream_api.live.routes import refuse_bad_query, router
from sentistream_api.live.settings import LiveSettings


def install(app: FastAPI, context: Context) -> None:
    settings = context.settings(LiveSettings)
    follower = Follower(context.redis, context.broker, keep=POSTS_OF_UPDATE)
    hub = Hub(context.live_pool, follower, context.database, context.tracing, interval_ms=settings.live_interval_ms)
    context.provide(hub)
    context.provide(Door(context.get(Gate), settings))
    context.background(follower.run)
    context.background(hub.run)
    app.include_router(router)
    app.add_exception_handler(WebSocketRequestValidationError, refuse_bad_query)  # type: ignore[arg-type]
