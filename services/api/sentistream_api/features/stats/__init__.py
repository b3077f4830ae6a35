"""How many posts of each label, and with which score."""

from functools import partial

from fastapi import FastAPI

from sentistream_api.context import Context
from sentistream_api.features.stats.bucket_width import BucketRetention
from sentistream_api.features.stats.cache import StatsCache
from sentistream_api.features.stats.channel import CountsChannel
from sentistream_api.features.stats.routes import router
from sentistream_api.features.stats.service import current_stats
from sentistream_api.features.stats.settings import StatsSettings
from sentistream_api.live.channels import Channels
from sentistream_api.monitoring.pipeline_monitor import PipelineMonitor


def install(app: FastAPI, context: Context) -> None:
    settings = context.settings(StatsSettings)
    monitor = context.get(PipelineMonitor)
    count = partial(current_stats, context.read_pool, monitor)
    context.provide(StatsCache(context.redis, count, milliseconds=settings.stats_cache_ms))
    context.provide(BucketRetention(five_seconds=settings.five_second_counts_kept, minutes=settings.minute_counts_kept))
    context.get(Channels).add(CountsChannel(context.live_pool, monitor))
    app.include_router(router)
