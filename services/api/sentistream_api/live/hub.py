"""Fans out what happens to the clients of this process: one query for all of them, one encoding a subscription."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sentistream_api import metrics
from sentistream_api.features.posts.schemas import PostOut
from sentistream_api.features.stats.schemas import Counts, Point, Series
from sentistream_api.live.client import Client
from sentistream_api.live.follower import Follower
from sentistream_api.live.messages import Heartbeat, Snapshot, Update
from sentistream_api.live.new_posts import NewPosts
from sentistream_api.live.spans import record_broadcast
from sentistream_api.live.subscription import Subscription, WantedPosts
from sentistream_core.database.pool import Pool, is_outage
from sentistream_core.database.posts import PostFilter, recent_posts
from sentistream_core.database.sentiment_counts import read as sentiment_counts
from sentistream_core.database.sentiment_counts.resolutions import RESOLUTIONS
from sentistream_core.dependency import Dependency
from sentistream_core.tracing import Tracing

RESOLUTION: Final = RESOLUTIONS[0]
_WINDOW: Final = timedelta(minutes=15)
_POINTS_OF_UPDATE: Final = 3
_POSTS_OF_SNAPSHOT: Final = 50
_GAP_AT_MOST: Final = 500
_RECOUNT_SECONDS: Final = 1.0
_HEARTBEAT_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class _Known:
    """A snapshot that is young enough for the next client."""

    made_at: float
    snapshot: Snapshot
    encoded: str


class Hub:
    def __init__(
        self, pool: Pool, follower: Follower, database: Dependency, tracing: Tracing, *, interval_ms: int
    ) -> None:
        self.interval_ms = interval_ms
        self._pool = pool
        self._follower = follower
        self._database = database
        self._tracing = tracing
        self._clients: set[Client] = set()
        self._counts: Counts | None = None
        self._counted_at = 0.0
        self._sent_at = 0.0
        self._snapshots: dict[Subscription, _Known] = {}
        self._snapshot_lock = asyncio.Lock()

    @property
    def clients(self) -> int:
        return len(self._clients)

    def join(self, subscription: Subscription) -> Client:
        """A client that gets every update from now on."""
        client = Client(subscription)
        self._clients.add(client)
        metrics.CLIENTS.set(len(self._clients))
        return client

    def leave(self, client: Client) -> None:
        self._clients.discard(client)
        metrics.CLIENTS.set(len(self._clients))

    async def run(self) -> None:
        """Runs as a task; goes on after the database was away."""
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
        if arrivals.count == 0 and now - self._counted_at < _RECOUNT_SECONDS:
            self._heartbeat(now)
            return
        try:
            counts = Counts.of(await sentiment_counts.totals(self._pool))
            as_of = datetime.now(UTC)
            points = await self._points(as_of, RESOLUTION * (_POINTS_OF_UPDATE - 1))
        except Exception:
            self._follower.give_back(arrivals)
            raise
        self._database.succeeded()
        self._counted_at = now
        if arrivals.count == 0 and counts == self._counts:
            self._heartbeat(now)
            return
        self._counts = counts
        complete = points[-2]
        update = Update(
            as_of=as_of,
            cursor=cursor,
            counts=counts,
            points=points,
            posts=[],
            posts_complete=False,
            new_posts=arrivals.count,
            posts_per_second=(complete.positive + complete.neutral + complete.negative) / RESOLUTION.total_seconds(),
        )
        new_posts = NewPosts(arrivals)

        def frame(subscription: Subscription) -> str:
            posts, is_complete = new_posts.of(subscription)
            return update.model_copy(update={"posts": posts, "posts_complete": is_complete}).model_dump_json()

        self._broadcast(frame, now)
        record_broadcast(self._tracing, arrivals.newest, datetime.now(UTC), len(self._clients))

    async def _points(self, until: datetime, span: timedelta) -> list[Point]:
        found = await sentiment_counts.buckets(self._pool, width=RESOLUTION, since=until - span, until=until)
        return [Point.of(bucket) for bucket in found]

    def _heartbeat(self, now: float) -> None:
        if now - self._sent_at >= _HEARTBEAT_SECONDS:
            heartbeat = Heartbeat(as_of=datetime.now(UTC)).model_dump_json()
            self._broadcast(lambda _: heartbeat, now)

    def _broadcast(self, frame: Callable[[Subscription], str], now: float) -> None:
        """Give each client the frame of its subscription, which is encoded once for all who have the same."""
        self._sent_at = now
        frames: dict[Subscription, str] = {}
        for client in self._clients:
            if client.subscription not in frames:
                frames[client.subscription] = frame(client.subscription)
            client.offer(frames[client.subscription])
        metrics.FRAMES.inc(len(self._clients))

    async def snapshot(self, subscription: Subscription, since: str | None) -> str:
        """The frame that a client begins with. Clients that come at the same time share the queries.

        Raises:
            psycopg.Error, redis.RedisError: a dependency is away.
        """
        async with self._snapshot_lock:
            now = time.monotonic()
            known = self._snapshots.get(subscription)
            if known is None or now - known.made_at > self.interval_ms / 1000:
                snapshot = await self._new_snapshot(subscription)
                known = self._snapshots[subscription] = _Known(now, snapshot, snapshot.model_dump_json())
        if since is None or subscription.posts is WantedPosts.NONE:
            return known.encoded
        missed = await self._follower.since(since, _GAP_AT_MOST)
        if missed is None:
            return known.encoded
        posts = [PostOut.of(post) for post in missed if subscription.label in {None, post.classified.sentiment.label}]
        return known.snapshot.model_copy(update={"posts": posts, "gap_filled": True}).model_dump_json()

    async def _new_snapshot(self, subscription: Subscription) -> Snapshot:
        cursor = self._follower.cursor
        counts = Counts.of(await sentiment_counts.totals(self._pool))
        as_of = datetime.now(UTC)
        points = await self._points(as_of, _WINDOW)
        posts = []
        if subscription.posts is not WantedPosts.NONE:
            posts = await recent_posts(self._pool, _POSTS_OF_SNAPSHOT, where=PostFilter(label=subscription.label))
        return Snapshot(
            as_of=as_of,
            cursor=cursor,
            counts=counts,
            series=Series(bucket_seconds=int(RESOLUTION.total_seconds()), points=points),
            posts=[PostOut.of(post) for post in posts],
            gap_filled=False,
        )
