"""Writes posts to the stream."""

import asyncio
from collections import Counter
from collections.abc import Sequence

from redis.asyncio import Redis

from sentistream_core.broker.client import is_outage
from sentistream_core.broker.streams import POSTS_STREAM
from sentistream_core.dependency import Dependency, retry
from sentistream_core.post import Post, encode_post
from sentistream_core.tracing import Tracing
from sentistream_ingester.metrics import POSTS_INGESTED, WRITE_SECONDS


class StreamWriter:
    """Pipelined XADD that waits for a broker that is away.

    Each post is written at least once. A pipeline whose connection broke may have been written in part and is repeated
    as a whole: the repeated entries carry the same post ids, and storage keeps one of each.
    """

    def __init__(self, redis: Redis, tracing: Tracing, *, give_up: asyncio.Event) -> None:
        self._redis = redis
        self._tracing = tracing
        self._give_up = give_up
        self._dependency = Dependency("redis")
        self.sent = 0
        """Posts that the broker confirmed."""
        self.in_hand = 0
        """Posts of a write that has not ended: they may be in the stream or not."""

    async def write(self, posts: Sequence[Post]) -> None:
        """Return when the broker has confirmed all of them.

        A broker that refuses them (wrong password, read-only replica, full memory) counts as away: whoever mends it
        need not restart this process, and the log has what it said.

        Raises:
            GivingUpError: `give_up` was set while the broker was away; some of these posts may have been written.
        """
        self.in_hand = len(posts)
        with self._tracing.ingesting(posts) as traced:

            async def write_once() -> None:
                with WRITE_SECONDS.time():
                    await self._write_once(traced)

            await retry(write_once, dependency=self._dependency, is_outage=is_outage, give_up=self._give_up)
        self.in_hand = 0
        self.sent += len(posts)
        for source, count in Counter(post.source for post in posts).items():
            POSTS_INGESTED.labels(source).inc(count)

    async def _write_once(self, posts: Sequence[Post]) -> None:
        async with self._redis.pipeline(transaction=False) as pipeline:
            for post in posts:
                fields = [part for field in encode_post(post).items() for part in field]
                pipeline.execute_command("XADD", POSTS_STREAM, "*", *fields)
            # redis-py would put the command in front of the broker's message, by which an outage is known.
            for reply in await pipeline.execute(raise_on_error=False):
                if isinstance(reply, Exception):
                    raise reply
