"""Dead letters as a worker leaves them."""

from datetime import UTC, datetime

from redis.asyncio import Redis

from sentistream_core.broker.streams import DEAD_LETTER_STREAM, POSTS_STREAM
from sentistream_core.dead_letter import DeadLetter, encode_dead_letter

FAILED_AT = datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)


async def add_letter(redis: Redis, number: int = 1, fields: dict[bytes, bytes] | None = None) -> str:
    letter = DeadLetter(
        fields=fields or {b"content": b"text"},
        reason="invalid_utf8",
        detail="content is not UTF-8 at byte 0",
        attempts=2,
        original_stream=POSTS_STREAM,
        original_id=f"{number}-0",
        failed_at=FAILED_AT,
    )
    entry_id = await redis.xadd(DEAD_LETTER_STREAM, encode_dead_letter(letter))  # type: ignore[arg-type]
    assert isinstance(entry_id, bytes)
    return entry_id.decode()
