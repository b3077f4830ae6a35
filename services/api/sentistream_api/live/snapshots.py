"""Snapshots, shared by clients that connect at about the same time."""

import asyncio
import time
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sentistream_api.live.channel import Channel
from sentistream_api.live.channels import Channels, Subscription
from sentistream_api.live.follower import Follower
from sentistream_api.live.frames import SnapshotHead, merged
from sentistream_core.broker.entry_id import entry_order


@dataclass(frozen=True, slots=True)
class _Begun:
    """A channel's part for one subscription."""

    made_at: float
    as_of: datetime
    cursor: str
    """The part includes everything up to this entry, and perhaps more."""
    part: str
    """As JSON."""


class Snapshots:
    def __init__(self, channels: Channels, follower: Follower, *, share_seconds: float) -> None:
        self._channels = channels
        self._follower = follower
        self._share_seconds = share_seconds
        self._begun: dict[tuple[Channel[Any, Any], Hashable], _Begun] = {}
        self._lock = asyncio.Lock()

    async def frame(self, subscription: Subscription, since: str | None) -> str:
        """The snapshot frame for a client that connects, or reconnects with a cursor.

        Raises:
            psycopg.Error, redis.RedisError: a server is away.
        """
        wanted = list(zip(self._channels, subscription, strict=True))
        async with self._lock:
            begun = [await self._begin(channel, own) for channel, own in wanted]
        head = SnapshotHead(
            as_of=min((each.as_of for each in begun), default=datetime.now(UTC)),
            cursor=min((each.cursor for each in begun), key=entry_order, default=self._follower.cursor),
        )
        parts = [each.part for each in begun]
        if since is not None:
            for number, (channel, own) in enumerate(wanted):
                if resumed := await channel.resume(own, since):
                    parts[number] = resumed.model_dump_json()
        return merged(head, parts)

    async def _begin(self, channel: Channel[Any, Any], subscription: Hashable) -> _Begun:
        now = time.monotonic()
        self._begun = {key: each for key, each in self._begun.items() if now - each.made_at <= self._share_seconds}
        key = (channel, subscription)
        if key not in self._begun:
            cursor, as_of = self._follower.cursor, datetime.now(UTC)
            part = await channel.begin(subscription)
            self._begun[key] = _Begun(now, as_of, cursor, part.model_dump_json())
        return self._begun[key]
