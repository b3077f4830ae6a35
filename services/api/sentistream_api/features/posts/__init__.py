"""The stored posts; submitting new ones and removing old ones."""

from fastapi import FastAPI

from sentistream_api.context import Context
from sentistream_api.features.posts.admission import Admission
from sentistream_api.features.posts.channel import PostsChannel
from sentistream_api.features.posts.removal import router as removal_router
from sentistream_api.features.posts.routes import router
from sentistream_api.features.posts.settings import PostsSettings
from sentistream_api.features.posts.submission import Submission
from sentistream_api.live.channels import Channels
from sentistream_api.live.follower import Follower
from sentistream_api.monitoring.pipeline_monitor import PipelineMonitor


def install(app: FastAPI, context: Context) -> None:
    settings = context.settings(PostsSettings)
    context.provide(
        Admission(
            context.get(PipelineMonitor),
            max_backlog=settings.api_max_backlog,
            max_memory_share=settings.api_max_memory_share,
        )
    )
    context.provide(Submission(context.redis, context.topology, context.tracing))
    context.get(Channels).add(PostsChannel(context.live_pool, context.get(Follower)))
    app.include_router(router)
    app.include_router(removal_router)
