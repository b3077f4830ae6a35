"""Retention: deletes expired posts and counts in small batches, so that no lock is held for long."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from sentistream_core.database import retention
from sentistream_core.database.aggregate import Aggregate
from sentistream_core.database.aggregates import AGGREGATES
from sentistream_core.log import get_logger
from sentistream_upkeep import metrics
from sentistream_upkeep.batches import in_batches
from sentistream_upkeep.duty import Duty, Tools

_EVERY_SECONDS: Final = 60.0
_ROWS_AT_ONCE: Final = 1_000
"""Rows deleted by one transaction, which takes milliseconds."""


def expire_posts(tools: Tools) -> Duty:
    age = tools.settings.posts_kept

    async def run() -> None:
        if age is None:
            return
        deleted = await retention.expire_days(tools.pool, age=age)
        deleted += await in_batches(partial(retention.expire_posts, tools.pool, age=age, limit=_ROWS_AT_ONCE))
        metrics.POSTS_EXPIRED.inc(deleted)
        if deleted:
            get_logger().info("deleted expired posts", posts=deleted)

    return Duty("expire_posts", _EVERY_SECONDS, run)


def expire_aggregates(tools: Tools, aggregates: Sequence[Aggregate] = AGGREGATES) -> Duty:
    async def run() -> None:
        for aggregate in aggregates:
            deleted = await in_batches(partial(aggregate.expire, tools.pool, tools.settings, limit=_ROWS_AT_ONCE))
            if deleted:
                get_logger().info("deleted expired counts", aggregate=aggregate.name, rows=deleted)

    return Duty("expire_aggregates", _EVERY_SECONDS, run)
