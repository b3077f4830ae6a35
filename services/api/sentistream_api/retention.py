"""Deletes what is older than its time, a little at a time."""

import asyncio
from datetime import timedelta
from typing import Final

from sentistream_api.settings import ApiSettings
from sentistream_core.database.pool import Pool, is_outage
from sentistream_core.database.retention import expire_counts, expire_posts
from sentistream_core.database.sentiment_counts import RESOLUTIONS
from sentistream_core.dependency import Dependency
from sentistream_core.log import get_logger

_EVERY_SECONDS: Final = 60.0
_ROWS_AT_ONCE: Final = 1_000
"""A transaction of so many rows takes milliseconds: nobody waits for its locks."""


async def run_retention(pool: Pool, database: Dependency, settings: ApiSettings) -> None:
    """Runs as a task in every process; they take turns, and one that comes too early finds nothing to do."""
    while True:
        try:
            await _delete_expired(pool, settings)
        except Exception as error:
            if not is_outage(error):
                raise
            database.failed(error)
        await asyncio.sleep(_EVERY_SECONDS)


async def _delete_expired(pool: Pool, settings: ApiSettings) -> None:
    posts = 0
    if settings.retention_posts_days:
        age = timedelta(days=settings.retention_posts_days)
        while deleted := await expire_posts(pool, age=age, limit=_ROWS_AT_ONCE):
            posts += deleted
    five_seconds, minute, *_ = RESOLUTIONS
    counts = 0
    for resolution, age in ((five_seconds, settings.kept.five_seconds), (minute, settings.kept.minutes)):
        while deleted := await expire_counts(pool, resolution=resolution, age=age, limit=_ROWS_AT_ONCE):
            counts += deleted
    if posts or counts:
        get_logger().info("deleted what is older than its time", posts=posts, counts=counts)
