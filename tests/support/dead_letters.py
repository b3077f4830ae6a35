"""Dead letters as a worker leaves them."""

from datetime import UTC, datetime

from redis.asyncio import Redis

from sentistream_core.broker.stream_fields import stream_fields
from sentistream_core.broker.topology import Partition
from sentistream_core.dead_letter import DeadLetter, encode_dead_letter
from support.streams import PARTITION

FAILED_AT = datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)


async def add_letter(
    redis: Redis,
    number: int = 1,
    fields: dict[bytes, bytes] | None = None,
    *,
    partition: Partition = PARTITION,
    entry_id: str = "*",
    original_stream: str | None = None,
) -> str:
    """The letter's entry id in the partition's stream of dead letters."""
    letter = DeadLetter(
        fields=fields or {b"content": b"text"},
        reason="invalid_utf8",
        detail="content is not UTF-8 at byte 0",
        attempts=2,
        original_stream=original_stream or partition.posts,
        original_id=f"{number}-0",
        failed_at=FAILED_AT,
    )
    written = await redis.xadd(partition.dead_letters, stream_fields(encode_dead_letter(letter)), id=entry_id)
    assert isinstance(written, bytes)
    return written.decode()
