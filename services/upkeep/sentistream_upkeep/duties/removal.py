"""Completes removals: deletes the rows of removed authors, and erases removed posts from the broker's streams."""

from datetime import timedelta
from functools import partial
from typing import Final

from sentistream_core.broker.removals import announce_removed
from sentistream_core.database import removals
from sentistream_core.database.entry_ids import read_entry_ids
from sentistream_core.log import get_logger
from sentistream_upkeep import metrics
from sentistream_upkeep.batches import in_batches
from sentistream_upkeep.duty import Duty, Tools
from sentistream_upkeep.erasure import erase_dead_letters, erase_processed, erase_written

_AUTHORS_EVERY_SECONDS: Final = 5.0
_ERASE_EVERY_SECONDS: Final = 60.0
_EXPIRE_EVERY_SECONDS: Final = 3_600.0
_ROWS_AT_ONCE: Final = 1_000
_ERASED_FOR: Final = timedelta(hours=1)
"""A removal is applied to the streams for this much longer than the processed stream keeps entries: a worker that was
cut off publishes late.
"""


def remove_authors(tools: Tools) -> Duty:
    """Deletes the rows of removed authors.

    The removals are announced before the rows are deleted: afterwards the ids of the posts are not known any more.
    """

    async def run() -> None:
        for removal in await removals.authors_to_remove(tools.pool):
            deleted = 0
            while ids := await removals.posts_of(tools.pool, removal, limit=_ROWS_AT_ONCE):
                await announce_removed(tools.redis, tools.settings.topology, ids)
                deleted += len(await removals.delete_posts(tools.pool, ids))
            await removals.finish_removal(tools.pool, removal)
            metrics.AUTHOR_POSTS_REMOVED.inc(deleted)
            get_logger().info("deleted the posts of a removed author", posts=deleted)

    return Duty("remove_authors", _AUTHORS_EVERY_SECONDS, run)


def erase_removed(tools: Tools) -> Duty:
    """Erases entries of streams and dead letters that still contain removed posts."""
    age = timedelta(seconds=tools.settings.processed_keep_seconds) + _ERASED_FOR

    async def run() -> None:
        gone = await removals.removals_within(tools.pool, age)
        if not gone:
            return
        entry_ids = await read_entry_ids(tools.pool)
        topology = tools.settings.topology
        erased = 0
        for partition in topology.partitions:
            erased += await erase_dead_letters(tools.redis, topology, partition, gone)
            erased += await erase_written(tools.redis, partition, entry_ids, gone)
            erased += await erase_processed(tools.redis, topology, partition, gone)
        metrics.ENTRIES_ERASED.inc(erased)
        if erased:
            get_logger().info("erased entries of removed posts", entries=erased)

    return Duty("erase_removed", _ERASE_EVERY_SECONDS, run)


def expire_removals(tools: Tools) -> Duty:
    """Forgets removals after a week, when their posts are no longer expected to be delivered again."""

    async def run() -> None:
        await in_batches(partial(removals.expire_removals, tools.pool, limit=_ROWS_AT_ONCE))

    return Duty("expire_removals", _EXPIRE_EVERY_SECONDS, run)
