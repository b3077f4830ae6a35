"""Messages about removed posts: the request in the posts stream, and the announcement in the processed stream."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from redis.asyncio import Redis

from sentistream_core.broker.stream_fields import stream_fields
from sentistream_core.broker.topology import Topology
from sentistream_core.change import AuthorRemoval, Deletion, encode_change
from sentistream_core.classified_post import encode_removed


async def request_removal(redis: Redis, topology: Topology, removal: Deletion | AuthorRemoval) -> str:
    """Write the removal to the posts stream, where a worker reads it. Returns the entry id.

    Raises:
        redis.RedisError: it was not written; if the connection broke, it may have been written.
    """
    [partition] = topology.spread([removal])
    entry_id: Any = await redis.xadd(partition.posts, stream_fields(encode_change(removal)))
    return str(entry_id.decode())


async def announce_removed(redis: Redis, topology: Topology, ids: Sequence[UUID]) -> None:
    """Write to the processed streams that these posts are removed, for the API processes that follow them.

    Raises:
        redis.RedisError: not all removals were written.
    """
    for partition, deletions in topology.spread([Deletion(each) for each in ids]).items():
        for fields in encode_removed([each.id for each in deletions]):
            await redis.xadd(partition.processed, stream_fields(fields))
