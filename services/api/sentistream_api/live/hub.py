"""Fans out what happens to the clients of this process: one query and one encoding for all of them."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Final

from sentistream_api import metrics
from sentistream_api.live.client import Client
from sentistream_api.live.follower import Follower
from sentistream_api.live.messages import Heartbeat, Snapshot, Update
from sentistream_api.posts.schemas import PostOut
from sentistream_api.stats.schemas import Counts, Point, Series
from sentistream_core.database import sentiment_counts
from sentistream_core.database.pool import Pool, is_outage
from sentistream_core.database.posts import recent_posts
from sentistream_core.dependency import Dependency

RESOLUTION: Final = sentiment_counts.RESOLUTIONS[0]
_WINDOW: Final = timedelta(minutes=15)
_POINTS_OF_UPDATE: Final = 3
_POSTS_OF_SNAPSHOT: Final = 50
POSTS_OF_UPDATE: Final = 20
_GAP_AT_MOST: Final = 500
_RECOUNT_SECONDS: Final = 1.0
_HEARTBEAT_SECONDS: Final = 5.0


class Hub:
    def __init__(self, pool: Pool, follower: Follower, database: Dependency, *, interval_ms: int) -> None:
        self.interval_ms = interval_ms
        self._pool = pool
        self._follower = follower
        self._database = database
        self._clients: set[Client] = set()
        self._counts: Counts | None = None
        self._counted_at = 0.0
        self._sent_at = 0.0
        self._snapshot: tuple[float, Snapshot] | None = None
        self._snapshot_lock = asyncio.Lock()

    @property
    def clients(self) -> int:
        return len(self._clients)

    def join(self) -> Client:
        """A client that gets every update from now on."""
        client = Client()
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
        if not self._clients:
            self._follower.take()
            return
        new, posts = self._follower.take()
        if new == 0 and now - self._counted_at < _RECOUNT_SECONDS:
            self._heartbeat(now)
            return
        counts = Counts.of(await sentiment_counts.totals(self._pool))
        as_of = datetime.now(UTC)
        points = await self._points(as_of, RESOLUTION * (_POINTS_OF_UPDATE - 1))
        self._database.succeeded()
        self._counted_at = now
        if new == 0 and counts == self._counts:
            self._heartbeat(now)
            return
        self._counts = counts
        complete = points[-2]
        self._broadcast(
            Update(
                as_of=as_of,
                cursor=self._follower.cursor,
                counts=counts,
                points=points,
                posts=[PostOut.of(post) for post in posts],
                new_posts=new,
                posts_per_second=(complete.positive + complete.neutral + complete.negative)
                / RESOLUTION.total_seconds(),
            ).model_dump_json(),
            now,
        )

    async def _points(self, until: datetime, span: timedelta) -> list[Point]:
        found = await sentiment_counts.buckets(self._pool, width=RESOLUTION, since=until - span, until=until)
        return [Point.of(bucket) for bucket in found]

    def _heartbeat(self, now: float) -> None:
        if now - self._sent_at >= _HEARTBEAT_SECONDS:
            self._broadcast(Heartbeat(as_of=datetime.now(UTC)).model_dump_json(), now)

    def _broadcast(self, frame: str, now: float) -> None:
        self._sent_at = now
        for client in self._clients:
            client.offer(frame)
        metrics.FRAMES.inc(len(self._clients))

    async def snapshot(self, since: str | None) -> Snapshot:
        """What a client begins with. Clients that come at the same time share the queries.

        Raises:
            psycopg.Error, redis.RedisError: a dependency is away.
        """
        async with self._snapshot_lock:
            now = time.monotonic()
            if self._snapshot is None or now - self._snapshot[0] > self.interval_ms / 1000:
                self._snapshot = (now, await self._new_snapshot())
        snapshot = self._snapshot[1]
        missed = await self._follower.since(since, _GAP_AT_MOST) if since else None
        if missed is None:
            return snapshot
        return snapshot.model_copy(update={"posts": [PostOut.of(post) for post in missed], "gap_filled": True})

    async def _new_snapshot(self) -> Snapshot:
        cursor = self._follower.cursor
        counts = Counts.of(await sentiment_counts.totals(self._pool))
        as_of = datetime.now(UTC)
        points = await self._points(as_of, _WINDOW)
        posts = await recent_posts(self._pool, _POSTS_OF_SNAPSHOT)
        return Snapshot(
            as_of=as_of,
            cursor=cursor,
            counts=counts,
            series=Series(bucket_seconds=int(RESOLUTION.total_seconds()), points=points),
            posts=[PostOut.of(post) for post in posts],
            gap_filled=False,
        )
