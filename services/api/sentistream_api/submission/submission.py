"""Writing submitted posts to the streams."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from redis.asyncio import Redis
from uuid_utils.compat import uuid7

from sentistream_api.problems import BrokerUnavailableError, raises
from sentistream_api.submission.new_post import NewPost
from sentistream_core.broker.stream_fields import stream_fields
from sentistream_core.broker.topology import Topology
from sentistream_core.post import Post, encode_post
from sentistream_core.tracing import Tracing

_TRACEPARENT: Final = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")


@raises(BrokerUnavailableError)
class Submission:
    def __init__(self, redis: Redis, topology: Topology, tracing: Tracing) -> None:
        self._redis = redis
        self._topology = topology
        self._tracing = tracing

    async def submit(self, posts: Sequence[NewPost], traceparent: str | None) -> list[UUID]:
        """Write the posts to their streams. Returns their ids in order.

        For each partition, all posts are written or none. An invalid `traceparent` is ignored.

        Raises:
            redis.RedisError: nothing was written. Perhaps all of it was if the connection broke, or a part if there are
                several partitions.
        """
        now = datetime.now(UTC)
        if traceparent is not None and not _TRACEPARENT.fullmatch(traceparent):
            traceparent = None
        accepted = [_to_post(post, now, traceparent) for post in posts]
        for partition, part in self._topology.spread(accepted).items():
            with self._tracing.ingesting(part, partition.posts) as traced:
                await self._write(partition.posts, traced)
        return [post.id for post in accepted]

    async def _write(self, stream: str, posts: Sequence[Post]) -> None:
        async with self._redis.pipeline(transaction=True) as transaction:
            for post in posts:
                transaction.xadd(stream, stream_fields(encode_post(post)))
            await transaction.execute()


def _to_post(post: NewPost, now: datetime, traceparent: str | None) -> Post:
    return Post(
        id=post.id or uuid7(),
        content=post.content,
        source=post.source,
        created_at=post.created_at or now,
        author=post.author,
        lang=post.lang,
        url=post.url,
        traceparent=traceparent,
    )
