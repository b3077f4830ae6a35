"""The Bluesky source for a long time, while its broker is filled, refuses writes, is killed and comes back.

    PYTHONPATH=tests .venv/bin/python -m support.bluesky_soak --minutes 10 --rate 5000

A Jetstream server of this process publishes numbered posts. Whatever the ingester writes is taken out of the stream and
held against what was published: each post has to come, under one id, however often. The cursor is watched all the time.
"""

import argparse
import asyncio
import json
import signal
import sys
import tempfile
import time
from array import array
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, overload

import psutil
from redis.asyncio import Redis
from redis.exceptions import RedisError

from sentistream_local.program import Program
from sentistream_local.valkey import Valkey
from support.jetstream import FakeJetstream, jetstream
from support.jetstream_events import DID, POSTS, Sent, rfc3339, tid
from support.streams import PARTITION
from support.waiting import eventually

_DURABLE = ("--appendonly", "yes", "--appendfsync", "always")
_FIRST_SEQ = 1_000


class Published(Sequence[Sent]):
    """Posts at a rate, from now on, each made when it is asked for."""

    def __init__(self, rate: float, total: int) -> None:
        self.total = total
        self._rate = rate
        self._began = time.monotonic()
        self._began_us = time.time_ns() // 1000

    def __len__(self) -> int:
        return min(self.total, int((time.monotonic() - self._began) * self._rate))

    @overload
    def __getitem__(self, index: int) -> Sent: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Sent]: ...
    def __getitem__(self, index: int | slice) -> Sent | Sequence[Sent]:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(len(self)))]
        number = index % len(self)
        time_us = self._began_us + int(number * 1e6 / self._rate)
        text = f"{number} posts and nobody is tired of it"
        record = {"$type": POSTS, "createdAt": rfc3339(time_us), "langs": ["en"], "text": text}
        name = tid(time_us)
        body = {"rev": name, "operation": "create", "collection": POSTS, "rkey": name, "record": record}
        return Sent(_FIRST_SEQ + number, time_us, "commit", DID, body)


@dataclass
class Result:
    published: int = 0
    lost: int = 0
    doubled: int = 0
    """Posts that came under a second id."""
    repeated: int = 0
    """Entries of posts that had come before: stored once, as their ids are the same."""
    cursor_went_back: int = 0
    faults: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("filled", "refused", "killed"), 0))
    seconds: float = 0.0
    behind_at_most: int = 0
    """Posts that were published and not yet taken out."""
    memory_mb: list[float] = field(default_factory=list)
    """Of the ingester, at equal distances."""


class Soak:
    def __init__(self, valkey: Valkey, published: Published) -> None:
        self.result = Result(published=published.total)
        self._valkey = valkey
        self._published = published
        self._ids = array("Q", bytes(8 * published.total))
        self._taken = 0
        self._draining = True

    @property
    def is_done(self) -> bool:
        return self._taken == self._published.total

    async def drain(self, redis: Redis) -> None:
        while not self.is_done:
            with suppress(RedisError):
                entries: Any = await redis.xrange(PARTITION.posts, count=2_000) if self._draining else []
                for _, fields in entries:
                    self._take(int(fields[b"content"].split()[0]), int(fields[b"id"][-16:].replace(b"-", b""), 16))
                if entries:
                    await redis.xdel(PARTITION.posts, *(entry_id for entry_id, _ in entries))
                    continue
            await asyncio.sleep(0.05)

    def _take(self, number: int, known_by: int) -> None:
        if self._ids[number] == 0:
            self._ids[number] = known_by
            self._taken += 1
        elif self._ids[number] == known_by:
            self.result.repeated += 1
        else:
            self.result.doubled += 1

    async def watch(self, redis: Redis, cursor_key: str, ingester: psutil.Process, every: float) -> None:
        last, sampled = 0, 0.0
        while True:
            self.result.behind_at_most = max(self.result.behind_at_most, len(self._published) - self._taken)
            with suppress(RedisError):
                cursor: Any = await redis.get(cursor_key)
                number = int(cursor.partition(b"@")[0]) if cursor else 0
                self.result.cursor_went_back += number < last
                last = max(last, number)
            if time.monotonic() > sampled + every:
                sampled = time.monotonic()
                self.result.memory_mb.append(round(ingester.memory_info().rss / 1e6, 1))
            await asyncio.sleep(0.1)

    async def strike(self, redis: Redis, pause: float) -> None:
        """The three faults in turn, as long as posts are published."""
        while len(self._published) < self._published.total:
            await asyncio.sleep(pause)
            self._draining = False
            await asyncio.sleep(pause)
            self._draining = True
            self.result.faults["filled"] += 1
            await asyncio.sleep(pause)
            await redis.config_set("maxmemory", "1mb")
            await asyncio.sleep(pause / 2)
            await redis.config_set("maxmemory", "0")
            self.result.faults["refused"] += 1
            await asyncio.sleep(pause)
            self._valkey.program.process.send_signal(signal.SIGKILL)
            await asyncio.to_thread(self._valkey.program.process.wait)
            await asyncio.sleep(pause / 4)
            await asyncio.to_thread(self._valkey.restart)
            self.result.faults["killed"] += 1

    def close(self) -> Result:
        self.result.lost = self._published.total - self._taken
        return self.result


async def soak(folder: Path, *, seconds: float, rate: float, pause: float) -> Result:
    """Publish for so long and wait until all has come, three times as long at most; `pause` is between two faults."""
    valkey = Valkey(folder / "valkey", folder / "valkey.log", options=_DURABLE)
    try:
        async with jetstream() as server, Redis.from_url(valkey.url) as redis:
            ingester = Program(
                "ingester",
                [sys.executable, "-m", "sentistream_ingester", "bluesky", "--url", server.url],
                folder / "ingester.log",
                environment={
                    "SENTISTREAM_REDIS_URL": valkey.url,
                    "SENTISTREAM_METRICS_PORT": "0",
                    "SENTISTREAM_INGESTER_MAX_BACKLOG": "5000",
                },
            )
            try:
                await eventually(_connections(server), bool, seconds=120)
                published = Published(rate, int(seconds * rate))
                server.events = published  # type: ignore[assignment]  # of which only reading is asked
                run = Soak(valkey, published)
                cursor_key = f"sentistream:source:{{bluesky:v2:{server.url.removeprefix('ws://')}}}:cursor"
                watching = asyncio.create_task(
                    run.watch(redis, cursor_key, psutil.Process(ingester.pid), every=seconds / 40)
                )
                striking = asyncio.create_task(run.strike(redis, pause))
                began = time.monotonic()
                with suppress(TimeoutError):
                    async with asyncio.timeout(3 * seconds + 60):
                        await run.drain(redis)
                watching.cancel()
                run.result.seconds = round(time.monotonic() - began, 1)
                await striking
                return run.close()
            finally:
                ingester.stop()
    finally:
        valkey.stop()


def _connections(server: FakeJetstream) -> Callable[[], Awaitable[int]]:
    async def count() -> int:
        return len(server.connections)

    return count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--rate", type=float, default=5_000, help="posts a second (default: %(default)s)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sentistream-soak-") as folder:
        result = asyncio.run(soak(Path(folder), seconds=options.minutes * 60, rate=options.rate, pause=8))
    sys.stdout.write(json.dumps(asdict(result), indent=2) + "\n")
    sys.exit(bool(result.lost or result.doubled or result.cursor_went_back))


if __name__ == "__main__":
    main()
