"""What says that posts are gone, on its way through the broker."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from redis.asyncio import Redis

from sentistream_core.broker.topology import Topology
from sentistream_core.change import AuthorRemoval, Deletion, encode_change
from sentistream_core.classified_post import encode_removed


async def request_removal(redis: Redis, topology: Topology, removal: Deletion | AuthorRemoval) -> str:
    """Write it to the posts stream, for the workers; its entry id.

    Raises:
        redis.RedisError: it was not written or, if the connection broke, perhaps it was.
    """
    [partition] = topology.spread([removal])
    entry_id: Any = await redis.xadd(partition.posts, encode_change(removal))  # type: ignore[arg-type]
    return str(entry_id.decode())


async def announce_removed(redis: Redis, topology: Topology, ids: Sequence[UUID]) -> None:
    """Tell those who follow the processed streams that these posts are gone.

    Raises:
        redis.RedisError: not all were told.
    """
    for partition, deletions in topology.spread([Deletion(each) for each in ids]).items():
        for fields in encode_removed([each.id for each in deletions]):
            await redis.xadd(partition.processed, fields)  # type: ignore[arg-type]
