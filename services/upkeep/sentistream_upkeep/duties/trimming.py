"""Trims the streams: posts after every group has processed them, processed posts by age."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from sentistream_core.broker.client import is_forbidden
from sentistream_core.broker.entry_id import entry_order
from sentistream_upkeep import metrics
from sentistream_upkeep.duty import Duty, Tools

_CLOCK_STEP_MILLISECONDS: Final = 60_000
"""How far an id may be ahead of the broker's clock because the clock was set back."""

_NEARLY_FULL: Final = 0.9
"""Share of the broker's maxmemory."""


@dataclass(frozen=True, slots=True)
class GroupPosition:
    last_delivered: str
    oldest_pending: str | None


def trim_before(
    groups: Sequence[GroupPosition], *, now_milliseconds: int, keep_milliseconds: int, first_young: str | None
) -> str | None:
    """The entry id below which no entry is undelivered, pending or too young to trim. None without groups.

    A stream without groups is not trimmed, because its entries may be waiting for their first reader.

    `first_young` is the stream's first entry that is, by its id, younger than `keep_milliseconds`. If that id is ahead
    of the clock, a writer chose an id, and all later ids are above it. They do not show the age of their entries, so
    these are trimmed as soon as every group has processed them.
    """
    if not groups:
        return None
    needed = min((group.oldest_pending or group.last_delivered for group in groups), key=entry_order)
    if first_young is None or entry_order(first_young) >= (now_milliseconds + _CLOCK_STEP_MILLISECONDS, 0):
        return needed
    return min(needed, f"{now_milliseconds - keep_milliseconds}-0", key=entry_order)


def trim_streams(tools: Tools) -> Duty:
    settings = tools.settings

    async def run() -> None:
        # Processed entries are kept only for inspection. They are trimmed at once before new posts would be refused.
        keep_seconds = 0.0 if await _is_nearly_full(tools.redis) else settings.posts_keep_seconds
        for partition in settings.topology.partitions:
            posts, processed = partition.posts, partition.processed
            trimmed = await trim_processed(tools.redis, posts, keep_seconds=keep_seconds)
            metrics.STREAM_TRIMMED.labels(posts).inc(trimmed)
            trimmed = await trim_older_than(tools.redis, processed, seconds=settings.processed_keep_seconds)
            metrics.STREAM_TRIMMED.labels(processed).inc(trimmed)

    return Duty("trim_streams", settings.trim_interval_seconds, run)


async def trim_processed(redis: Redis, stream: str, *, keep_seconds: float) -> int:
    """Trim entries that every group has processed, except the youngest. Returns how many entries were trimmed.

    Approximate: only whole nodes of the stream are removed, so some entries stay until a later call.
    """
    groups = await _positions(redis, stream)
    seconds, microseconds = await redis.time()
    now = seconds * 1000 + microseconds // 1000
    keep = int(keep_seconds * 1000)
    young: Any = await redis.xrange(stream, min=now - keep, count=1)
    before = trim_before(
        groups,
        now_milliseconds=now,
        keep_milliseconds=keep,
        first_young=young[0][0].decode() if young else None,
    )
    return 0 if before is None else await redis.xtrim(stream, minid=before, approximate=True)


async def trim_older_than(redis: Redis, stream: str, *, seconds: float) -> int:
    """Trim by age alone. Returns how many entries were trimmed."""
    now, _ = await redis.time()
    return await redis.xtrim(stream, minid=int((now - seconds) * 1000), approximate=True)


async def _is_nearly_full(redis: Redis) -> bool:
    try:
        memory = await redis.info("memory")
    except ResponseError as error:
        if not is_forbidden(error):
            raise
        return False
    used, limit = int(memory["used_memory"]), int(memory["maxmemory"])
    return 0 < limit * _NEARLY_FULL <= used


async def _positions(redis: Redis, stream: str) -> list[GroupPosition]:
    try:
        names = [group["name"] for group in await redis.xinfo_groups(stream)]
    except ResponseError as error:
        if "no such key" in str(error):
            return []
        raise
    # No MULTI: at maxmemory the broker refuses every command in one. The last-delivered id is read before the pending
    # entries: an entry that is delivered or acknowledged in between is above the position that results.
    async with redis.pipeline(transaction=False) as commands:
        commands.xinfo_groups(stream)
        for name in names:
            commands.xpending(stream, name)
        reply: Any = await commands.execute()
    groups, pending = reply[0], dict(zip(names, reply[1:], strict=True))
    return [
        GroupPosition(
            last_delivered=group["last-delivered-id"].decode(),
            # A group that was created after its name was not in `names` has no pending entries here. Its last-delivered
            # id limits trimming nevertheless.
            oldest_pending=_oldest(pending.get(group["name"])),
        )
        for group in groups
    ]


def _oldest(pending: dict[str, Any] | None) -> str | None:
    return pending["min"].decode() if pending and pending["min"] else None
