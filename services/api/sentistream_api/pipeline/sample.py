"""One look at the streams, their workers and the broker."""

import json
from dataclasses import dataclass
from typing import Any, Final

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from sentistream_core.broker.backlog import Backlog, measure
from sentistream_core.broker.streams import DEAD_LETTER_STREAM, POSTS_STREAM, WORKER_GROUP, WORKERS_KEY

_CAPACITY_SECONDS: Final = 15.0
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
    used_memory: int
    max_memory: int | None
    """Bytes; None: without a bound."""


async def take_sample(redis: Redis) -> Sample:
    """Look once, in two round trips.

    Raises:
        redis.RedisError: the broker did not answer.
    """
    backlog = await measure(redis)
    async with redis.pipeline(transaction=False) as pipeline:
        pipeline.time()
        pipeline.xlen(DEAD_LETTER_STREAM)
        pipeline.hgetall(WORKERS_KEY)
        pipeline.info("memory")
        pipeline.xinfo_stream(POSTS_STREAM)
        pipeline.xinfo_consumers(POSTS_STREAM, WORKER_GROUP)
        replies = await pipeline.execute(raise_on_error=False)
    for reply in replies:
        # Before the first post there is neither stream nor group.
        if isinstance(reply, Exception) and not isinstance(reply, ResponseError):
            raise reply
    (seconds, microseconds), dead_letters, workers, memory, stream, consumers = replies
    now = seconds + microseconds / 1e6
    return Sample(
        time=now,
        backlog=backlog,
        added=0 if isinstance(stream, Exception) else stream["entries-added"],
        consumers=() if isinstance(consumers, Exception) else tuple(_consumer(each) for each in consumers),
        dead_letters=dead_letters,
        capacity=_capacity(workers, now),
        used_memory=memory["used_memory"],
        max_memory=memory["maxmemory"] or None,
    )


def _consumer(info: dict[str, Any]) -> Consumer:
    # Redis before 7.2 does not tell `inactive`; -1 is "never".
    unfed = info.get("inactive", info["idle"])
    return Consumer(
        name=info["name"].decode(errors="replace"),
        pending=info["pending"],
        silent_seconds=info["idle"] / 1000,
        unfed_seconds=float("inf") if unfed < 0 else unfed / 1000,
    )


def _capacity(workers: dict[bytes, bytes], now: float) -> float | None:
    told = [json.loads(each) for each in workers.values()]
    seen = [float(each["capacity"]) for each in told if now - each["seen"] <= _CAPACITY_SECONDS]
    return sum(seen) if seen else None
