"""The consumer group of the workers: creating it, reading, claiming and keeping claims.

Protocol: https://redis.io/docs/latest/develop/data-types/streams/
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from redis.asyncio import Redis
from redis.exceptions import ResponseError

_PENDING_AT_ONCE: Final = 10_000


@dataclass(frozen=True, slots=True)
class ConsumerGroup:
    """One consumer's place in a group."""

    stream: str
    group: str
    consumer: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One delivery of a stream entry."""

    id: str
    fields: Mapping[bytes, bytes]
    deliveries: int
    """How often it was delivered, this time included."""


@dataclass(frozen=True, slots=True)
class PendingEntry:
    """An entry that was delivered and not acknowledged."""

    id: str
    consumer: str
    idle_milliseconds: int
    deliveries: int


def is_group_missing(error: Exception) -> bool:
    return isinstance(error, ResponseError) and str(error).startswith("NOGROUP")


async def ensure_group(redis: Redis, place: ConsumerGroup) -> bool:
    """Create the group at the beginning of the stream, and the stream if it is missing; whether it was created.

    It begins at 0 so that posts written before the first worker started are read, too.
    """
    try:
        await redis.xgroup_create(place.stream, place.group, id="0", mkstream=True)
    except ResponseError as error:
        if str(error).startswith("BUSYGROUP"):
            return False
        raise
    return True


async def read_new(redis: Redis, place: ConsumerGroup, *, count: int, block_milliseconds: int) -> list[Entry]:
    """Up to `count` entries that were never delivered; empty if none came while blocking (0: does not block)."""
    reply: Any = await redis.xreadgroup(
        place.group, place.consumer, {place.stream: ">"}, count=count, block=block_milliseconds or None
    )
    return [_entry(entry_id, fields, 1) for _, entries in reply or [] for entry_id, fields in entries]


async def list_pending(
    redis: Redis, place: ConsumerGroup, *, count: int, min_idle_milliseconds: int = 0, own: bool = False
) -> list[PendingEntry]:
    """The oldest pending entries, of all consumers or only of this one."""
    reply: Any = await redis.xpending_range(
        place.stream,
        place.group,
        min="-",
        max="+",
        count=count,
        consumername=place.consumer if own else None,
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


async def pending_ids(redis: Redis, stream: str, group: str) -> set[str]:
    """The ids of all pending entries; none while there is no such group."""
    ids: set[str] = set()
    start = "-"
    while True:
        try:
            page: Any = await redis.xpending_range(stream, group, min=start, max="+", count=_PENDING_AT_ONCE)
        except ResponseError as error:
            if is_group_missing(error):
                return set()
            raise
        ids.update(each["message_id"].decode() for each in page)
        if len(page) < _PENDING_AT_ONCE:
            return ids
        start = f"({page[-1]['message_id'].decode()}"


async def claim(
    redis: Redis, place: ConsumerGroup, pending: Sequence[PendingEntry], *, min_idle_milliseconds: int
) -> list[Entry]:
    """Take over entries, which counts as a delivery; those that another consumer took meanwhile are left out.

    The idle time is the guard against two claims of one entry: the broker resets it with the first.
    """
    reply: Any = await redis.xclaim(
        place.stream,
        place.group,
        place.consumer,
        min_idle_time=min_idle_milliseconds,
        message_ids=[each.id for each in pending],
    )
    deliveries = {each.id: each.deliveries + 1 for each in pending}
    # An entry that was deleted from the stream comes back without fields by some versions.
    return [_entry(entry_id, fields, deliveries[entry_id.decode()]) for entry_id, fields in reply if fields]


async def keep_claims(redis: Redis, place: ConsumerGroup, entry_ids: Sequence[str]) -> None:
    """Reset the idle time of entries in work, without counting a delivery."""
    await redis.xclaim(
        place.stream, place.group, place.consumer, min_idle_time=0, message_ids=list(entry_ids), justid=True
    )


def _entry(entry_id: bytes, fields: Mapping[bytes, bytes], deliveries: int) -> Entry:
    return Entry(entry_id.decode(), fields, deliveries)


@dataclass(frozen=True, slots=True)
class Consumer:
    name: str
    pending: int
    idle_milliseconds: int
    """Since it last asked for entries."""


async def list_consumers(redis: Redis, stream: str, group: str) -> list[Consumer]:
    """The consumers of the group; none while there is no such group."""
    try:
        reply: Any = await redis.xinfo_consumers(stream, group)
    except ResponseError as error:
        if is_group_missing(error) or "no such key" in str(error):
            return []
        raise
    return [Consumer(each["name"].decode(), each["pending"], each["idle"]) for each in reply]


async def last_delivered(redis: Redis, stream: str, group: str) -> str:
    """The newest entry id that was delivered to the group; 0-0 when none was."""
    try:
        reply: Any = await redis.xinfo_groups(stream)
    except ResponseError as error:
        if "no such key" in str(error):
            return "0-0"
        raise
    found = [each["last-delivered-id"].decode() for each in reply if each["name"] == group.encode()]
    return found[0] if found else "0-0"
