"""Posts for the stream: all at once, or open loop at a rate."""

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import cycle

from redis.asyncio import Redis
from uuid_utils.compat import uuid7

from bench.streams import PARTITION, TOPOLOGY
from sentistream_core.broker.backlog import Backlog, measure
from sentistream_core.post import Post, encode_post
from sentistream_ingester.sources.simulate.simulator import SOURCE, Draft, Simulator

_TICK_SECONDS = 0.005
_POLL_SECONDS = 0.01


async def preload(redis: Redis, posts: Sequence[Post]) -> None:
    """Write all posts at one moment: no worker sees a part of them before the broker has the last."""
    async with redis.pipeline(transaction=True) as writes:
        for post in posts:
            writes.execute_command("XADD", PARTITION.posts, "*", *_fields(post))
        await writes.execute()


async def until(redis: Redis, is_reached: Callable[[Backlog], bool]) -> None:
    """Wait until the backlog meets the condition."""
    while True:
        if is_reached(await measure(redis, TOPOLOGY)):
            return
        await asyncio.sleep(_POLL_SECONDS)


async def drained(redis: Redis) -> None:
    """Wait until no entry is undelivered or pending."""
    await until(redis, lambda backlog: backlog.backlog == 0)


async def capacity(redis: Redis, posts: int, *, seed: int = 2) -> float:
    """Posts per second with which the running workers drain a preloaded stream."""
    await preload(redis, Simulator(seed).posts(posts))
    started = time.perf_counter()
    await drained(redis)
    return posts / (time.perf_counter() - started)


class OpenLoop:
    """Writes posts at a fixed rate (open loop): post n is due at start + n / rate.

    `created_at` is the time at which a post was due, not the one at which it could be written, so that a generator or
    a broker that lags behind adds to the latency that is measured instead of hiding it (coordinated omission).
    """

    def __init__(self, redis: Redis, *, seed: int = 1, pool: int = 5_000) -> None:
        self._redis = redis
        simulator = Simulator(seed)
        self._drafts = cycle([simulator.draft() for _ in range(pool)])
        self.sent = 0
        self.latest_write_seconds = 0.0
        """The longest delay of a post against its due time."""

    async def run(self, rate: float, seconds: float, stop: asyncio.Event | None = None) -> None:
        """Write `rate * seconds` posts in that many seconds; fewer if `stop` is set before."""
        start, clock = time.time(), time.perf_counter()
        total, written = int(rate * seconds), 0
        while written < total and not (stop and stop.is_set()):
            now = time.perf_counter() - clock
            due = min(total, int(now * rate) + 1)
            if due > written:
                async with self._redis.pipeline(transaction=False) as writes:
                    for number in range(written, due):
                        post = _post(next(self._drafts), datetime.fromtimestamp(start + number / rate, UTC))
                        writes.execute_command("XADD", PARTITION.posts, "*", *_fields(post))
                    await writes.execute()
                late = time.perf_counter() - clock - written / rate
                self.latest_write_seconds = max(self.latest_write_seconds, late)
                self.sent += due - written
                written = due
            await asyncio.sleep(max(0.0, min(_TICK_SECONDS, seconds - now)))


def _post(draft: Draft, created_at: datetime) -> Post:
    return Post(
        id=uuid7(),
        content=draft.content,
        source=SOURCE,
        created_at=created_at,
        author=draft.author,
        lang=draft.lang,
        url=draft.url,
    )


def _fields(post: Post) -> list[str]:
    return [part for field in encode_post(post).items() for part in field]
