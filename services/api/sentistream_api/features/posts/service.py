"""Pages of posts."""

from psycopg import Error as DatabaseError
from psycopg.errors import QueryCanceled

from sentistream_api.features.posts.cursor import decode_cursor, encode_cursor
from sentistream_api.features.posts.schemas import PostOut, PostPage
from sentistream_api.problems import InvalidRequestError
from sentistream_core.classified_post import ProcessedPost
from sentistream_core.database.pool import Pool
from sentistream_core.database.posts import PagePosition, PostFilter, recent_posts
from sentistream_core.database.search_text import is_refused


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
