"""Follows the processed stream of a partition; no consumer group, since every process needs every post."""

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from uuid import UUID

from redis.asyncio import Redis

from sentistream_core.broker.client import is_outage
from sentistream_core.broker.entry_id import entry_order
from sentistream_core.broker.topology import Partition
from sentistream_core.classified_post import removed_posts, unpublished_posts
from sentistream_core.dependency import Dependency, retry

KEPT_ENTRIES: Final = 1_000
"""Largest number of entries buffered between two updates: 4,000 a second."""
_READ_AT_MOST: Final = 1_000
_BLOCK_MILLISECONDS: Final = 1_000


class RawEntry(NamedTuple):
    """An entry of a processed stream, not decoded."""

    stream: str
    id: str
    fields: Mapping[bytes, bytes]


@dataclass(frozen=True, slots=True)
class Arrivals:
    count: int
    """Number of new posts, including those that could not be published."""
    newest: Sequence[RawEntry]
    """The newest of them, oldest first."""
    removed: Sequence[UUID] = ()
    """Posts that were removed, whether they are new or old."""


@dataclass(frozen=True, slots=True)
class Missed:
    """What was published since a cursor."""

    posts: Sequence[RawEntry]
    """Newest first."""
    removed: Sequence[UUID]


class Follower:
    """Counts new posts and buffers the newest ones until they are taken."""

    def __init__(self, redis: Redis, partition: Partition, broker: Dependency) -> None:
        self._redis = redis
        self._stream = partition.processed
        self._broker = broker
        self._newest: deque[RawEntry] = deque(maxlen=KEPT_ENTRIES)
        self._new = 0
        self._removed: list[UUID] = []
        self.cursor = "0-0"
        """Id of the last entry that was read."""

    async def run(self) -> None:
        """Read the stream from its current end on; continue after an outage. Runs as a task."""
        never = asyncio.Event()
        self.cursor = await retry(self._last_id, dependency=self._broker, is_outage=is_outage, give_up=never)
        while True:
            entries = await retry(self._read, dependency=self._broker, is_outage=is_outage, give_up=never)
            if entries:
                for entry in entries:
                    self._receive(entry)
                self.cursor = entries[-1].id

    def _receive(self, entry: RawEntry) -> None:
        removed, unpublished = removed_posts(entry.fields), unpublished_posts(entry.fields)
        if removed:
            self._removed += removed
        elif unpublished:
            self._new += unpublished
        else:
            self._newest.append(entry)
            self._new += 1

    async def _last_id(self) -> str:
        newest: Any = await self._redis.xrevrange(self._stream, count=1)
        return newest[0][0].decode() if newest else "0-0"

    async def _read(self) -> list[RawEntry]:
        reply: Any = await self._redis.xread(
            {self._stream: self.cursor}, count=_READ_AT_MOST, block=_BLOCK_MILLISECONDS
        )
        return [self._entry(*entry) for _, entries in reply or [] for entry in entries]

    def take(self) -> Arrivals:
        """What arrived since the last call."""
        taken = Arrivals(self._new, tuple(self._newest), tuple(self._removed))
        self._new = 0
        self._removed.clear()
        self._newest.clear()
        return taken

    def give_back(self, taken: Arrivals) -> None:
        """Undo `take`, if the arrivals could not be sent."""
        self._new += taken.count
        self._removed = [*taken.removed, *self._removed]
        self._newest = deque([*taken.newest, *self._newest], maxlen=self._newest.maxlen)

    async def since(self, cursor: str, limit: int) -> Missed | None:
        """Everything after a cursor; None if that is more than `limit` entries, or some were trimmed or unpublished."""
        oldest: Any = await self._redis.xrange(self._stream, count=1)
        if not oldest or entry_order(oldest[0][0].decode()) > entry_order(cursor):
            return None
        entries: Any = await self._redis.xrange(self._stream, min=f"({cursor}", count=limit + 1)
        if len(entries) > limit or any(unpublished_posts(fields) for _, fields in entries):
            return None
        missed = [self._entry(*entry) for entry in reversed(entries)]
        return Missed(
            posts=[entry for entry in missed if not removed_posts(entry.fields)],
            removed=[post for entry in missed for post in removed_posts(entry.fields)],
        )

    def _entry(self, entry_id: bytes, fields: Mapping[bytes, bytes]) -> RawEntry:
        return RawEntry(self._stream, entry_id.decode(), fields)
