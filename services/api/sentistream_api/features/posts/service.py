"""Pages of posts."""

from collections.abc import Sequence

from psycopg import Error as DatabaseError
from psycopg.errors import QueryCanceled

from sentistream_api.features.posts.cursor import decode_cursor, encode_cursor
from sentistream_api.features.posts.schemas import PostOut, PostPage
from sentistream_api.problems import InvalidRequestError
from sentistream_core.classified_post import ProcessedPost
from sentistream_core.database.pool import Pool
from sentistream_core.database.post_search import Found, search_posts
from sentistream_core.database.posts import PagePosition, PostFilter, recent_posts
from sentistream_core.database.search_text import is_refused


async def page_of_posts(pool: Pool, where: PostFilter, *, limit: int, before: str | None) -> PostPage:
    """A page of posts that an index finds in order, newest first. The cost is the same for every page."""
    # One post more shows whether another page follows.
    found = await recent_posts(pool, limit + 1, where=where, before=decode_cursor(before) if before else None)
    return _page(found, limit)


async def page_of_search(pool: Pool, where: PostFilter, *, limit: int, before: str | None) -> PostPage:
    """A page of search results, newest first; those found within the pool's time limit.

    Raises:
        InvalidRequestError: the database does not accept the search text.
        psycopg.errors.QueryCanceled: nothing could be searched within the time limit.
    """
    position = decode_cursor(before) if before else None
    found = await search(pool, where, limit + 1, position)
    return _page(found.posts, limit, found.resume)


async def search(pool: Pool, where: PostFilter, limit: int, before: PagePosition | None) -> Found:
    """The newest posts that match, as `page_of_search` finds them."""
    try:
        return await search_posts(pool, limit, where=where, before=before, seconds=pool.timeout)
    except QueryCanceled:
        raise
    except DatabaseError as error:
        # Without a SQLSTATE the connection failed, and another query would have to wait for a new one.
        if where.text and error.sqlstate and await is_refused(pool, where.text, error.sqlstate):
            raise InvalidRequestError(
                "query.q: cannot be searched for. Use fewer words, signs and operators."
            ) from error
        raise


def _page(found: Sequence[ProcessedPost], limit: int, resume: PagePosition | None = None) -> PostPage:
    page = found[:limit]
    following = position_of(page[-1]) if len(found) > limit else resume
    return PostPage(
        posts=[PostOut.of(post) for post in page],
        next=encode_cursor(following) if following else None,
        complete=resume is None or len(found) >= limit,
    )


def position_of(post: ProcessedPost) -> PagePosition:
    return PagePosition(post.timestamp, post.classified.post.id)
