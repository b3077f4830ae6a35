"""How much work waits: lag, pending, backlog, and since when the oldest unprocessed entry does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Self

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from sentistream_core.broker.consumer_group import WORKER_GROUP
from sentistream_core.broker.entry_id import entry_order
from sentistream_core.broker.topology import Partition, Topology
from sentistream_core.event_time import is_credible
from sentistream_core.post import created_at_or_entry_time, time_of_entry

_COUNT_AT_MOST: Final = 10_000


@dataclass(frozen=True, slots=True)
class Backlog:
    length: int
    """Entries in the stream, including processed ones that are not trimmed yet."""
    lag: int
    """Entries never delivered to the group; if `lag_known` is false, a count or an upper bound."""
    lag_known: bool
    """Whether the broker knows the lag; it does not after an undelivered entry was deleted within the stream.

    Redis 7.0 may then report too many (but never more than the stream has) until the group has caught up.
    """
    pending: int
    """Entries delivered and not acknowledged."""
    oldest_unprocessed_seconds: float
    """Age of the oldest entry that is undelivered or pending, by the broker's clock; 0 when there is none."""
    complete_until: datetime | None
    """When the oldest entry that waits was written: figures of later times lack posts. None when none waits.

    In each stream it is the first one that is undelivered or pending. One behind it may be of an earlier time.
    """

    @property
    def backlog(self) -> int:
        """All entries that still have to be processed. Lag alone leaves out what is in flight."""
        return self.lag + self.pending

    @classmethod
    def total(cls, parts: Sequence[Self]) -> Self:
        """Of several streams; the oldest entry is the oldest of all."""
        return cls(
            length=sum(each.length for each in parts),
            lag=sum(each.lag for each in parts),
            lag_known=all(each.lag_known for each in parts),
            pending=sum(each.pending for each in parts),
            oldest_unprocessed_seconds=max(each.oldest_unprocessed_seconds for each in parts),
            complete_until=min((each.complete_until for each in parts if each.complete_until), default=None),
        )


async def measure(redis: Redis, topology: Topology) -> Backlog:
    """Measure what waits in all partitions, one after the other.

    Raises:
        redis.RedisError: the broker did not answer.
    """
    return Backlog.total([await measure_partition(redis, each) for each in topology.partitions])


async def measure_partition(redis: Redis, partition: Partition) -> Backlog:
    """Measure in up to three round trips; a missing stream is empty, and without the group all is undelivered.

    Raises:
        redis.RedisError: the broker did not answer.
    """
    stream = partition.posts
    # No MULTI: at maxmemory the broker refuses every command in one.
    async with redis.pipeline(transaction=False) as pipeline:
        pipeline.xinfo_stream(stream)
        pipeline.xinfo_groups(stream)
        pipeline.xpending(stream, WORKER_GROUP)
        pipeline.time()
        info, groups, pending, now = await pipeline.execute(raise_on_error=False)
    if _is_missing(info):
        return Backlog(length=0, lag=0, lag_known=True, pending=0, oldest_unprocessed_seconds=0.0, complete_until=None)
    found = next((each for each in groups if each["name"] == WORKER_GROUP.encode()), None)
    if found is None:
        found = {"last-delivered-id": b"0-0", "lag": info["length"], "pending": 0}
    ends = [entry[0].decode() for entry in (info["first-entry"], info["last-entry"]) if entry]
    delivered = found["last-delivered-id"].decode()
    lag = undelivered(found["lag"], length=info["length"], ends=ends, delivered=delivered)
    waiting: list[tuple[bytes, Mapping[bytes, bytes]]] = []
    if lag != 0:
        first_undelivered: Any = await redis.xrange(stream, min=f"({delivered}", count=1)
        waiting += first_undelivered
    if found["pending"] and pending["min"]:
        first_pending: Any = await redis.xrange(stream, min=pending["min"], max=pending["min"])
        waiting += first_pending or [(pending["min"], {})]
    return Backlog(
        length=info["length"],
        lag=await _count_after(redis, stream, delivered, info["length"]) if lag is None else lag,
        lag_known=lag is not None,
        pending=found["pending"],
        oldest_unprocessed_seconds=max((_age(entry_id, now) for entry_id, _ in waiting), default=0.0),
        complete_until=min((_written_at(*entry, now) for entry in waiting), default=None),
    )


def undelivered(reported: int | None, *, length: int, ends: Sequence[str], delivered: str) -> int | None:
    """How many entries of the stream come after the last delivered one; None if that cannot be told.

    The broker reports the entries ever added less those ever read, so that undelivered entries that were deleted or
    trimmed stay in it until the group has caught up; Valkey 9 does so after XTRIM, Redis 7.0 after XDEL as well. Where
    the group stands between the stream's first and last entry (`ends`, empty as the stream is) tells more.
    """
    if not ends or entry_order(ends[-1]) <= entry_order(delivered):
        return 0
    if entry_order(ends[0]) > entry_order(delivered):
        return length
    # At least one entry of the stream was delivered.
    return reported if reported is not None and reported < length else None


def _is_missing(info: Any) -> bool:  # noqa: ANN401 (redis-py's reply, or an error in its place)
    """Whether there is no such stream.

    Raises:
        redis.RedisError: the broker refused the question for another reason.
    """
    if isinstance(info, ResponseError) and "no such key" in str(info):
        return True
    if isinstance(info, Exception):
        raise info
    return False


async def _count_after(redis: Redis, stream: str, after: str, length: int) -> int:
    """Count undelivered entries up to a bound, past which the whole stream's length is the answer."""
    entries: Any = await redis.xrange(stream, min=f"({after}", count=_COUNT_AT_MOST)
    return len(entries) if len(entries) < _COUNT_AT_MOST else length


def _written_at(entry_id: bytes, fields: Mapping[bytes, bytes], now: tuple[int, int]) -> datetime:
    """When the post was written, if that is credible, and when it came at the latest."""
    came_at = time_of_entry(entry_id.decode(), latest=datetime.fromtimestamp(now[0] + now[1] / 1e6, UTC))
    try:
        written_at = created_at_or_entry_time(entry_id.decode(), fields)
    except ValueError:  # a dead letter to be
        return came_at
    return min(written_at, came_at) if is_credible(written_at, came_at=came_at) else came_at


def _age(entry_id: bytes, now: tuple[int, int]) -> float:
    seconds, microseconds = now
    return max(0.0, seconds + microseconds / 1e6 - int(entry_id.partition(b"-")[0]) / 1000)
