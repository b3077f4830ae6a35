"""One look at the streams, their workers and the broker."""

import json
from dataclasses import dataclass
from typing import Any, Final, Self

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from sentistream_core.broker.backlog import Backlog, measure
from sentistream_core.broker.streams import DEAD_LETTER_STREAM, POSTS_STREAM, WORKER_GROUP, WORKERS_KEY

_PRESENT_SECONDS: Final = 15.0
"""A worker that was not seen for so long does not count."""


@dataclass(frozen=True, slots=True)
class Consumer:
    name: str
    pending: int
    """Entries that it read and has not acknowledged."""
    silent_seconds: float
    """Since it last asked the broker for anything."""
    unfed_seconds: float
    """Since it last got an entry."""
    posts_per_second: float | None
    """As it said lately; None when it did not."""


@dataclass(frozen=True, slots=True)
class BrokerFigures:
    """What the broker's INFO tells of the server itself; nothing if this user may not ask."""

    used_memory: int | None
    max_memory: int | None
    """Bytes; None: without a bound."""
    clients: int | None
    commands: int | None
    """Processed since its start."""
    append_only_file_ok: bool | None
    """Whether its last write succeeded; None: there is no such file."""

    @classmethod
    def of(cls, info: dict[str, Any] | ResponseError) -> Self:
        if isinstance(info, ResponseError):
            return cls(None, None, None, None, None)
        return cls(
            used_memory=info["used_memory"],
            max_memory=info["maxmemory"] or None,
            clients=info["connected_clients"],
            commands=info["total_commands_processed"],
            append_only_file_ok=info["aof_last_write_status"] == "ok" if info.get("aof_enabled") else None,
        )


@dataclass(frozen=True, slots=True)
class Sample:
    time: float
    """By the broker's clock, seconds since 1970."""
    backlog: Backlog
    added: int
    """Entries ever written to the posts stream."""
    consumers: tuple[Consumer, ...]
    dead_letters: int
    capacity: float | None
    """Posts per second of all workers together, as they measured themselves; None when none said so."""
    workers: int
    """Workers that said so lately."""
    server: BrokerFigures


async def take_sample(redis: Redis) -> Sample:
    """Look once, in two round trips.

    Raises:
        redis.RedisError: the broker did not answer, or refuses what cannot be done without.
    """
    backlog = await measure(redis)
    async with redis.pipeline(transaction=False) as pipeline:
        pipeline.time()
        pipeline.xlen(DEAD_LETTER_STREAM)
        pipeline.hgetall(WORKERS_KEY)
        pipeline.info()
        pipeline.xinfo_stream(POSTS_STREAM)
        pipeline.xinfo_consumers(POSTS_STREAM, WORKER_GROUP)
        replies = await pipeline.execute(raise_on_error=False)
    time, dead_letters, workers, info, stream, consumers = replies
    for reply in (time, dead_letters, workers):
        if isinstance(reply, Exception):
            raise reply
    for reply in (info, stream, consumers):
        # INFO may be forbidden; before the first post there is neither stream nor group.
        if isinstance(reply, Exception) and not isinstance(reply, ResponseError):
            raise reply
    seconds, microseconds = time
    now = seconds + microseconds / 1e6
    told = _told_lately(workers, now)
    capacities = [float(each["capacity"]) for each in told.values()]
    return Sample(
        time=now,
        backlog=backlog,
        added=0 if isinstance(stream, Exception) else stream["entries-added"],
        consumers=() if isinstance(consumers, Exception) else tuple(_consumer(each, told) for each in consumers),
        dead_letters=dead_letters,
        capacity=sum(capacities) if capacities else None,
        workers=len(capacities),
        server=BrokerFigures.of(info),
    )


def _consumer(info: dict[str, Any], told: dict[bytes, dict[str, float]]) -> Consumer:
    # Redis before 7.2 does not tell `inactive`; -1 is "never".
    unfed = info.get("inactive", info["idle"])
    return Consumer(
        name=info["name"].decode(errors="replace"),
        pending=info["pending"],
        silent_seconds=info["idle"] / 1000,
        unfed_seconds=float("inf") if unfed < 0 else unfed / 1000,
        posts_per_second=told.get(info["name"], {}).get("rate"),
    )


def _told_lately(workers: dict[bytes, bytes], now: float) -> dict[bytes, dict[str, float]]:
    """What workers say of themselves, by consumer; without those that have not been seen for a while."""
    told = {name: json.loads(status) for name, status in workers.items()}
    return {name: status for name, status in told.items() if now - status["seen"] <= _PRESENT_SECONDS}
