"""A WebSocket client for benchmarks: it records when it received how many posts."""

import asyncio
import json
import time
from bisect import bisect_left
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from websockets.asyncio.client import ClientConnection, connect


class LiveClient:
    """`times[i]` is when an update showed `totals[i]` posts processed since the client joined."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.totals: list[int] = []
        self._came = asyncio.Event()

    @property
    def total(self) -> int:
        return self.totals[-1] if self.totals else 0

    def received_at(self, rank: int) -> float:
        """When the client was told of the post of this rank (from 1) in the processed stream, in seconds since 1970.

        Raises:
            IndexError: it was not.
        """
        return self.times[bisect_left(self.totals, rank)]

    async def until(self, posts: int) -> None:
        """Wait until the client has received that many posts."""
        while self.total < posts:
            self._came.clear()
            await self._came.wait()

    def begin(self) -> None:
        """Forget what was received so far."""
        self.times.clear()
        self.totals.clear()

    async def follow(self, connection: ClientConnection) -> None:
        async for frame in connection:
            now = time.time()
            message = json.loads(frame)
            if message["type"] == "update":
                self.times.append(now)
                self.totals.append(self.total + message["new_posts"])
                self._came.set()


@asynccontextmanager
async def live_client(url: str) -> AsyncIterator[LiveClient]:
    """A client that follows an idle pipeline: what was processed before it joined is not counted.

    Raises:
        ExceptionGroup: the connection broke, the client was evicted, or what ran with it failed.
    """
    client = LiveClient()
    async with connect(url, max_size=None) as connection, asyncio.TaskGroup() as tasks:
        hello = json.loads(await connection.recv())
        following = tasks.create_task(client.follow(connection))
        # The first update may tell of posts that came before; at the second interval there is nothing new.
        await asyncio.sleep(2 * hello["interval_ms"] / 1000)
        client.begin()
        yield client
        following.cancel()
