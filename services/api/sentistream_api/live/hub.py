"""Sends updates to the clients of this process: one look for each channel, one encoding for each subscription."""

import asyncio
import time
from collections.abc import Callable, Hashable
from datetime import UTC, datetime
from functools import cache
from typing import Final

from sentistream_api import metrics
from sentistream_api.live.channels import Channels, Subscription
from sentistream_api.live.client import Client
from sentistream_api.live.follower import Follower
from sentistream_api.live.frames import Heartbeat, UpdateHead, merged
from sentistream_api.live.snapshots import Snapshots
from sentistream_api.live.spans import record_broadcast
from sentistream_core.database.pool import is_outage
from sentistream_core.dependency import Dependency
from sentistream_core.tracing import Tracing

_HEARTBEAT_SECONDS: Final = 5.0


class Hub:
    def __init__(
        self, channels: Channels, follower: Follower, database: Dependency, tracing: Tracing, *, interval_ms: int
    ) -> None:
        self.interval_ms = interval_ms
        self._channels = channels
        self._follower = follower
        self._database = database
        self._tracing = tracing
        self._clients: set[Client] = set()
        self._sent_at = 0.0
        self._snapshots = Snapshots(channels, follower, share_seconds=interval_ms / 1000)

    @property
    def clients(self) -> int:
        return len(self._clients)

    def join(self, subscription: Subscription) -> Client:
        """Add a client, which gets every update from now on."""
        client = Client(subscription)
        self._clients.add(client)
        metrics.CLIENTS.set(len(self._clients))
        return client

    def leave(self, client: Client) -> None:
        self._clients.discard(client)
        metrics.CLIENTS.set(len(self._clients))

    async def snapshot(self, subscription: Subscription, since: str | None) -> str:
        """The snapshot frame for a client that connects, or reconnects with a cursor.

        Raises:
            psycopg.Error, redis.RedisError: a server is away.
        """
        return await self._snapshots.frame(subscription, since)

    async def run(self) -> None:
        """Send updates and heartbeats; continue after an outage of the database. Runs as a task."""
        while True:
            started = time.monotonic()
            try:
                await self._tick(started)
            except Exception as error:
                if not is_outage(error):
                    raise
                self._database.failed(error)
                self._heartbeat(started)
            await asyncio.sleep(max(0.0, self.interval_ms / 1000 - (time.monotonic() - started)))

    async def _tick(self, now: float) -> None:
        arrivals = self._follower.take()
        cursor = self._follower.cursor
        if not self._clients:
            return
        wanted = {client.subscription for client in self._clients}
        try:
            news = [
                await channel.look(arrivals, {subscription[number] for subscription in wanted})
                for number, channel in enumerate(self._channels)
            ]
        except Exception:
            self._follower.give_back(arrivals)
            raise
        self._database.succeeded()
        if not any(each.is_new for each in news):
            self._heartbeat(now)
            return

        @cache
        def part(number: int, own: Hashable) -> str:
            return news[number].part(own).model_dump_json()

        head = UpdateHead(as_of=datetime.now(UTC), cursor=cursor)
        self._broadcast(lambda wants: merged(head, [part(number, own) for number, own in enumerate(wants)]), now)
        record_broadcast(self._tracing, arrivals.newest, datetime.now(UTC), len(self._clients))

    def _heartbeat(self, now: float) -> None:
        if now - self._sent_at >= _HEARTBEAT_SECONDS:
            heartbeat = Heartbeat(as_of=datetime.now(UTC)).model_dump_json()
            self._broadcast(lambda _: heartbeat, now)

    def _broadcast(self, frame: Callable[[Subscription], str], now: float) -> None:
        """Queue for each client the frame of its subscription. Each distinct frame is built once."""
        self._sent_at = now
        frames: dict[Subscription, str] = {}
        for client in self._clients:
            if client.subscription not in frames:
                frames[client.subscription] = frame(client.subscription)
            client.offer(frames[client.subscription])
        metrics.FRAMES.inc(len(self._clients))
