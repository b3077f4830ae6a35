"""Reading stored posts, submitting new ones and removing posts."""

from fastapi import FastAPI

from sentistream_api.context import Context
from sentistream_api.features.posts.channel import PostsChannel
from sentistream_api.features.posts.export import Exports
from sentistream_api.features.posts.export import router as export_router
from sentistream_api.features.posts.removal import router as removal_router
from sentistream_api.features.posts.routes import router
from sentistream_api.live.channels import Channels
from sentistream_api.live.follower import Follower


def install(app: FastAPI, context: Context) -> None:
    context.get(Channels).add(PostsChannel(context.live_pool, context.get(Follower)))
    context.provide(Exports())
    app.include_router(router)
    app.include_router(export_router)
    app.include_router(removal_router)
