"""Creates the partitions of `posts` for future days, months and years."""

from datetime import UTC, datetime
from typing import Final

from sentistream_core.database.partition_changes import split
from sentistream_core.database.partitions import list_partitions, splits
from sentistream_core.log import get_logger
from sentistream_upkeep.duty import Duty, Tools

_EVERY_SECONDS: Final = 3_600.0


def create_partitions(tools: Tools) -> Duty:
    async def run() -> None:
        async with tools.pool.connection() as connection:
            partitions = await list_partitions(connection)
        for bound in splits(partitions, datetime.now(UTC)):
            await split(tools.pool, bound)
            get_logger().info("created a partition of posts", begins_at=str(bound))

    return Duty("create_partitions", _EVERY_SECONDS, run)
