"""The workers' consumer group, one in each partition: creating it, reading, claiming entries and keeping the claims.

Protocol: https://redis.io/docs/latest/develop/data-types/streams/
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from sentistream_core.broker.topology import Partition

WORKER_GROUP: Final = "sentiment_workers"
"""Third parties rely on this name, so it is not a setting."""

_PENDING_AT_ONCE: Final = 10_000


@dataclass(frozen=True, slots=True)
class Consumer:
    """A member of a consumer group: it reads the posts of one partition."""

    partition: Partition
    name: str
    group: str = WORKER_GROUP

    @property
    def stream(self) -> str:
        return self.partition.posts


@dataclass(frozen=True, slots=True)
class Entry:
    """One delivery of a stream entry."""

    stream: str
    id: str
    fields: Mapping[bytes, bytes]
    deliveries: int
    """How often the entry was delivered, this delivery included."""


@dataclass(frozen=True, slots=True)
class PendingEntry:
    """An entry that was delivered and not acknowledged."""

    id: str
    consumer: str
    idle_milliseconds: int
    deliveries: int


def is_group_missing(error: Exception) -> bool:
    return isinstance(error, ResponseError) and str(error).startswith("NOGROUP")


async def ensure_group(redis: Redis, consumer: Consumer) -> bool:
    """Create the group, and the stream if it is missing. Returns whether the group was created.

    The group starts at entry 0, so that posts written before the first worker started are also read.
    """
    try:
        await redis.xgroup_create(consumer.stream, consumer.group, id="0", mkstream=True)
    except ResponseError as error:
        if str(error).startswith("BUSYGROUP"):
            return False
        raise
    return True


async def read_new(redis: Redis, consumer: Consumer, *, count: int, block_milliseconds: int) -> list[Entry]:
    """Up to `count` entries that were never delivered; empty if none arrived while blocking (0: do not block)."""
    stream = consumer.stream
    reply: Any = await redis.xreadgroup(
        consumer.group, consumer.name, {stream: ">"}, count=count, block=block_milliseconds or None
    )
    return [_entry(stream, entry_id, fields, 1) for _, entries in reply or [] for entry_id, fields in entries]


async def list_pending(
    redis: Redis, consumer: Consumer, *, count: int, min_idle_milliseconds: int = 0, own: bool = False
) -> list[PendingEntry]:
    """The oldest pending entries, of all consumers or only of this one."""
    reply: Any = await redis.xpending_range(
        consumer.stream,
        consumer.group,
        min="-",
        max="+",
        count=count,
        consumername=consumer.name if own else None,
        idle=min_idle_milliseconds or None,
    )
    return [
        PendingEntry(
            id=each["message_id"].decode(),
            consumer=each["consumer"].decode(),
            idle_milliseconds=each["time_since_delivered"],
            deliveries=each["times_delivered"],
        )
        for each in reply
    ]


async def pending_ids(redis: Redis, partition: Partition) -> set[str]:
    """The ids of all entries that are pending for workers; empty while the group does not exist."""
    ids: set[str] = set()
    start = "-"
    while True:
        try:
            page: Any = await redis.xpending_range(
                partition.posts, WORKER_GROUP, min=start, max="+", count=_PENDING_AT_ONCE
            )
        except ResponseError as error:
            if is_group_missing(error):
                return set()
            raise
        ids.update(each["message_id"].decode() for each in page)
        if len(page) < _PENDING_AT_ONCE:
            return ids
        start = f"({page[-1]['message_id'].decode()}"


async def claim(
    redis: Redis, consumer: Consumer, pending: Sequence[PendingEntry], *, min_idle_milliseconds: int
) -> list[Entry]:
    """Take over entries; this counts as a delivery. Entries that another consumer claimed meanwhile are left out.

    `min_idle_milliseconds` prevents a second claim of the same entry: the first claim resets the entry's idle time.
    """
    stream = consumer.stream
    reply: Any = await redis.xclaim(
        stream,
        consumer.group,
        consumer.name,
        min_idle_time=min_idle_milliseconds,
        message_ids=[each.id for each in pending],
    )
    deliveries = {each.id: each.deliveries + 1 for each in pending}
    # Some versions return an entry that was deleted from the stream without its fields.
    return [_entry(stream, entry_id, fields, deliveries[entry_id.decode()]) for entry_id, fields in reply if fields]


async def keep_claims(redis: Redis, consumer: Consumer, entry_ids: Sequence[str]) -> None:
    """Reset the idle time of entries that are being processed, without counting a delivery."""
    await redis.xclaim(
        consumer.stream, consumer.group, consumer.name, min_idle_time=0, message_ids=list(entry_ids), justid=True
    )


def _entry(stream: str, entry_id: bytes, fields: Mapping[bytes, bytes], deliveries: int) -> Entry:
    return Entry(stream, entry_id.decode(), fields, deliveries)


@dataclass(frozen=True, slots=True)
class ConsumerState:
    """What the broker knows about a consumer."""

    name: str
    pending: int
    idle_milliseconds: int
    """Time since its last attempt to read or claim."""


async def list_consumers(redis: Redis, partition: Partition) -> list[ConsumerState]:
    """The consumers of the workers' group; empty while the group does not exist."""
    try:
        reply: Any = await redis.xinfo_consumers(partition.posts, WORKER_GROUP)
    except ResponseError as error:
        if is_group_missing(error) or "no such key" in str(error):
            return []
        raise
    return [ConsumerState(each["name"].decode(), each["pending"], each["idle"]) for each in reply]


async def last_delivered(redis: Redis, partition: Partition) -> str:
    """The newest entry id that was delivered to workers; 0-0 if none was."""
    try:
        reply: Any = await redis.xinfo_groups(partition.posts)
    except ResponseError as error:
        if "no such key" in str(error):
            return "0-0"
        raise
    found = [each["last-delivered-id"].decode() for each in reply if each["name"] == WORKER_GROUP.encode()]
    return found[0] if found else "0-0"
