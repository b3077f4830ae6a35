"""Pages of posts, and posts on their way into the stream."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from psycopg import Error as DatabaseError
from psycopg.errors import QueryCanceled
from redis.asyncio import Redis
from uuid_utils.compat import uuid7

from sentistream_api.features.posts.cursor import decode_cursor, encode_cursor
from sentistream_api.features.posts.schemas import NewPost, PostOut, PostPage
from sentistream_api.problems import InvalidRequestError
from sentistream_core.broker.streams import POSTS_STREAM
from sentistream_core.classified_post import ProcessedPost
from sentistream_core.database.pool import Pool
from sentistream_core.database.posts import PagePosition, PostFilter, recent_posts
from sentistream_core.database.search_text import is_refused
from sentistream_core.post import Post, encode_post
from sentistream_core.tracing import Tracing


async def page_of_posts(pool: Pool, where: PostFilter, *, limit: int, before: str | None) -> PostPage:
    """A page, newest first; each costs the same however deep it lies.

    Raises:
        InvalidRequestError: the database makes no query of the text.
        psycopg.errors.QueryCanceled: the filter matches so few posts that the search took too long.
    """
    position = decode_cursor(before) if before else None
    try:
        found = await recent_posts(pool, limit + 1, where=where, before=position)  # one more tells whether pages follow
    except QueryCanceled:
        raise
    except DatabaseError as error:
        # Without a SQLSTATE it is the connection's fault, and to ask again would wait for another one.
        if where.text and error.sqlstate and await is_refused(pool, where.text, error.sqlstate):
            raise InvalidRequestError(
                "query.q: cannot be searched for. Use fewer words, signs and operators."
            ) from error
        raise
    page = found[:limit]
    return PostPage(
        posts=[PostOut.of(post) for post in page],
        next=encode_cursor(_position(page[-1])) if len(found) > limit else None,
    )


def _position(post: ProcessedPost) -> PagePosition:
    return PagePosition(post.timestamp, post.classified.post.id)


async def submit(redis: Redis, tracing: Tracing, posts: Sequence[NewPost], traceparent: str | None) -> list[UUID]:
    """Write the posts into the stream, all or none; their ids in order.

    Raises:
        redis.RedisError: nothing was written or, if the connection broke, perhaps all of it.
    """
    now = datetime.now(UTC)
    accepted = [_to_post(post, now, traceparent) for post in posts]
    with tracing.ingesting(accepted) as traced:
        async with redis.pipeline(transaction=True) as transaction:
            for post in traced:
                transaction.xadd(POSTS_STREAM, encode_post(post))  # type: ignore[arg-type]
            await transaction.execute()
    return [post.id for post in accepted]


def _to_post(post: NewPost, now: datetime, traceparent: str | None) -> Post:
    return Post(
        id=post.id or uuid7(),
        content=post.content,
        source=post.source,
        created_at=post.created_at or now,
        author=post.author,
        traceparent=traceparent,
    )
