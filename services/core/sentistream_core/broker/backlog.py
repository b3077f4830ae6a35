"""How much work waits in a stream: lag, pending, backlog and the age of the oldest unprocessed entry."""

from dataclasses import dataclass
from typing import Any, Final

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from sentistream_core.broker.streams import POSTS_STREAM, WORKER_GROUP

_COUNT_AT_MOST: Final = 10_000


@dataclass(frozen=True, slots=True)
class Backlog:
    length: int
    """Entries in the stream, processed ones that are not trimmed yet included."""
    lag: int
    """Entries never delivered to the group; when `lag_known` is false a bound from above or an exact count."""
    lag_known: bool
    """Whether the broker knows the lag; it forgets it after an entry was deleted from the middle of the stream."""
    pending: int
    """Entries delivered and not acknowledged."""
    oldest_unprocessed_seconds: float
    """Age of the oldest entry that is undelivered or pending, by the broker's clock; 0 when there is none."""

    @property
    def backlog(self) -> int:
        """All entries that still have to be processed. Lag alone leaves out what is in flight."""
        return self.lag + self.pending


async def measure(redis: Redis, stream: str = POSTS_STREAM, group: str = WORKER_GROUP) -> Backlog:
    """Measure at one moment; a missing stream is empty, and without the group all entries are undelivered.

    Raises:
        redis.RedisError: the broker did not answer.
    """
    async with redis.pipeline(transaction=True) as pipeline:
        pipeline.xlen(stream)
        pipeline.xinfo_groups(stream)
        pipeline.xpending(stream, group)
        pipeline.time()
        length, groups, pending, now = await pipeline.execute(raise_on_error=False)
    if isinstance(length, Exception):
        raise length
    found = _find(groups, group)
    after = b"0-0" if found is None else found["last-delivered-id"]
    lag = length if found is None else found["lag"]
    first_undelivered: Any = await redis.xrange(stream, min=b"(" + after, count=1) if lag != 0 else []
    unprocessed = [entry_id for entry_id, _ in first_undelivered]
    if found is not None and not isinstance(pending, Exception) and pending["pending"]:
        unprocessed.append(pending["min"])
    return Backlog(
        length=length,
        lag=await _count_after(redis, stream, after, length) if lag is None else lag,
        lag_known=lag is not None,
        pending=0 if found is None else found["pending"],
        oldest_unprocessed_seconds=max((_age(entry_id, now) for entry_id in unprocessed), default=0.0),
    )


def _find(groups: Any, group: str) -> dict[str, Any] | None:  # noqa: ANN401 (redis-py's reply, or an error in its place)
    if isinstance(groups, ResponseError):  # the stream does not exist
        return None
    return next((each for each in groups if each["name"] == group.encode()), None)


async def _count_after(redis: Redis, stream: str, after: bytes, length: int) -> int:
    """Count undelivered entries up to a bound, past which the whole stream's length is the answer."""
    entries: Any = await redis.xrange(stream, min=b"(" + after, count=_COUNT_AT_MOST)
    return len(entries) if len(entries) < _COUNT_AT_MOST else length


def _age(entry_id: bytes, now: tuple[int, int]) -> float:
    seconds, microseconds = now
    return max(0.0, seconds + microseconds / 1e6 - int(entry_id.partition(b"-")[0]) / 1000)
