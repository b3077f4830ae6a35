"""Deletes what is older than its time, a little at a time."""

import asyncio
from functools import partial
from typing import Final

from fastapi import FastAPI

from sentistream_api.context import Context
from sentistream_core.database.pool import Pool, is_outage
from sentistream_core.database.retention import expire_counts, expire_posts
from sentistream_core.database.sentiment_counts import RESOLUTIONS
from sentistream_core.dependency import Dependency
from sentistream_core.log import get_logger
from sentistream_core.settings import RetentionSettings

_EVERY_SECONDS: Final = 60.0
_ROWS_AT_ONCE: Final = 1_000
"""A transaction of so many rows takes milliseconds: nobody waits for its locks."""


def install(_: FastAPI, context: Context) -> None:
    context.background(partial(run_retention, context.pool, context.database, context.settings(RetentionSettings)))


async def run_retention(pool: Pool, database: Dependency, settings: RetentionSettings) -> None:
    """Runs as a task in every process; they take turns, and one that comes too early finds nothing to do."""
    while True:
        try:
            await _delete_expired(pool, settings)
        except Exception as error:
            if not is_outage(error):
                raise
            database.failed(error)
        await asyncio.sleep(_EVERY_SECONDS)


async def _delete_expired(pool: Pool, settings: RetentionSettings) -> None:
    posts = 0
    if (age := settings.posts_kept) is not None:
        while deleted := await expire_posts(pool, age=age, limit=_ROWS_AT_ONCE):
            posts += deleted
    five_seconds, minute, *_ = RESOLUTIONS
    counts = 0
    for resolution, age in (
        (five_seconds, settings.five_second_counts_kept),
        (minute, settings.minute_counts_kept),
    ):
        while deleted := await expire_counts(pool, resolution=resolution, age=age, limit=_ROWS_AT_ONCE):
            counts += deleted
    if posts or counts:
        get_logger().info("deleted what is older than its time", posts=posts, counts=counts)
