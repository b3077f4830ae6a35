"""The live view: updates to many clients over WebSockets."""

from fastapi import FastAPI
from fastapi.exceptions import WebSocketRequestValidationError

from sentistream_api.access.gate import Gate
from sentistream_api.context import Context
from sentistream_api.live.channels import Channels
from sentistream_api.live.door import Door
from sentistream_api.live.follower import Follower
from sentistream_api.live.hub import Hub
from sentistream_api.live.settings import LiveSettings
from sentistream_api.live.socket import refuse_bad_query, socket_router


def install(_: FastAPI, context: Context) -> None:
    """Provide what features need to register channels."""
    [partition] = context.topology.partitions
    follower = Follower(context.redis, partition, context.broker)
    context.provide(Channels())
    context.provide(follower)
    context.background(follower.run)


def open_socket(app: FastAPI, context: Context) -> None:
    """Open the WebSocket for the channels that features have registered."""
    settings = context.settings(LiveSettings)
    channels = context.get(Channels)
    hub = Hub(
        channels,
        context.get(Follower),
        context.database,
        context.tracing,
        interval_ms=settings.live_interval_ms,
    )
    context.provide(hub)
    context.provide(Door(context.get(Gate), settings))
    context.background(hub.run)
    app.include_router(socket_router(channels))
    app.add_exception_handler(WebSocketRequestValidationError, refuse_bad_query)  # type: ignore[arg-type]
