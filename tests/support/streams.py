"""Writing to and reading from streams in tests."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from random import Random
from typing import Any, Final
from uuid import UUID, uuid4

from redis.asyncio import Redis

from sentistream_core.broker.stream_fields import stream_fields
from sentistream_core.broker.topology import Topology
from sentistream_core.change import Change, encode_change
from sentistream_core.post import Post

TOPOLOGY: Final = Topology.of(1)
PARTITION: Final = TOPOLOGY.partitions[0]
"""What services run with when nothing is set."""

INCOMPRESSIBLE: Final = "".join(chr(character) for character in Random(1).choices(range(0x20000, 0x2A6D0), k=2_000))
"""Eight thousand bytes, which fit into no row of a PostgreSQL index."""


def a_post(content: str) -> Post:
    return Post(id=uuid4(), content=content, source="test", created_at=datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC))


async def send(redis: Redis, changes: Iterable[Change]) -> set[UUID]:
    """Write the posts, and what says that posts are gone, to the stream; the posts' ids."""
    sent = list(changes)
    for start in range(0, len(sent), 1_000):
        async with redis.pipeline(transaction=False) as writes:
            for change in sent[start : start + 1_000]:
                writes.xadd(PARTITION.posts, stream_fields(encode_change(change)))
            await writes.execute()
    return {change.id for change in sent if isinstance(change, Post)}


async def send_raw(redis: Redis, fields: Mapping[str, str | bytes]) -> str:
    """Write an entry as a careless third party would; its id."""
    entry_id: Any = await redis.xadd(PARTITION.posts, stream_fields(fields))
    return str(entry_id.decode())


async def entries(redis: Redis, stream: str) -> list[tuple[str, dict[bytes, bytes]]]:
    """Everything in the stream."""
    reply: Any = await redis.xrange(stream)
    return [(entry_id.decode(), fields) for entry_id, fields in reply]
