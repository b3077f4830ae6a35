"""One WebSocket client as the hub sees it: a bounded queue of encoded frames."""

import asyncio
from typing import Final

from sentistream_api.live.channels import Subscription

_QUEUED_AT_MOST: Final = 16
"""Four seconds of updates; what a client that is further behind shows is out of date."""


class Client:
    def __init__(self, subscription: Subscription) -> None:
        self.subscription = subscription
        self._frames: asyncio.Queue[str] = asyncio.Queue(_QUEUED_AT_MOST)
        self.evicted = asyncio.Event()
        """Set when the client did not keep up; its connection is then closed."""

    def offer(self, frame: str) -> None:
        """Queue a frame without waiting, so that a slow client does not affect the others."""
        try:
            self._frames.put_nowait(frame)
        except asyncio.QueueFull:
            self.evicted.set()

    async def next_frame(self) -> str:
        return await self._frames.get()
