"""/api/posts: read stored posts, submit new ones."""

from http import HTTPStatus
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Header

from sentistream_api.access.caller import Scope
from sentistream_api.access.guard import requires
from sentistream_api.access.guarded_route import GuardedRoute
from sentistream_api.context import ReadPool, SearchPool, provided
from sentistream_api.features.posts.filters import Recent, Search
from sentistream_api.features.posts.schemas import (
    MAX_SOURCES,
    PostBatch,
    PostDetail,
    PostOrPosts,
    PostPage,
    PostSources,
)
from sentistream_api.features.posts.service import page_of_posts, page_of_search
from sentistream_api.http.conditional import CACHED
from sentistream_api.problems import ProblemError, raises
from sentistream_api.submission.admission import Admission
from sentistream_api.submission.new_post import Accepted
from sentistream_api.submission.submission import Submission
from sentistream_core.database.post_sources import stored_sources
from sentistream_core.database.posts import find_post

router = APIRouter(prefix="/api/posts", tags=["posts"], route_class=GuardedRoute)

_READ: Final = requires(Scope.READ)
_WRITE: Final = requires(Scope.WRITE)


class PostNotFoundError(ProblemError):
    status = HTTPStatus.NOT_FOUND
    summary = "There is no post with this id"
    example = "There is no post 0197b2a4-6d1c-7c3e-9a55-0c2f6f3f0a11; it may be on its way, or removed."

    def __init__(self, post_id: UUID) -> None:
        super().__init__(f"There is no post {post_id}; it may be on its way, or removed.")


@router.get("/recent", dependencies=[_READ, CACHED])
async def recent(reads: ReadPool, searches: SearchPool, query: Recent) -> PostPage:
    """The posts that were processed last, newest first."""
    if query.may_take_long:
        return await page_of_search(searches, query.filter(), limit=query.limit, before=query.before)
    return await page_of_posts(reads, query.filter(), limit=query.limit, before=query.before)


@router.get("/search", dependencies=[_READ])
async def search(pool: SearchPool, query: Search) -> PostPage:
    """Posts that match all given parameters, newest first.

    A search has a time limit. When it is reached, the answer has the posts found so far, `complete` is false, and
    `next` continues the search. If nothing could be searched in that time, the answer is 503: narrow the search by
    time, label or more words. Only a few searches run at the same time; others are answered with 503 and Retry-After.
    """
    return await page_of_search(pool, query.filter(), limit=query.limit, before=query.before)


@router.get("/sources", dependencies=[_READ, CACHED])
async def sources(pool: ReadPool) -> PostSources:
    """The sources that stored posts come from, up to 100 of them."""
    return PostSources(sources=await stored_sources(pool, MAX_SOURCES))


@router.get("/{post_id:uuid}", dependencies=[_READ, CACHED])
@raises(PostNotFoundError)
async def one(pool: ReadPool, post_id: UUID) -> PostDetail:
    """One post and its path through the pipeline."""
    found = await find_post(pool, post_id)
    if found is None:
        raise PostNotFoundError(post_id)
    return PostDetail.of_processed(found)


@router.post("", status_code=202, dependencies=[_WRITE])
async def create(
    admission: Annotated[Admission, provided(Admission)],
    submission: Annotated[Submission, provided(Submission)],
    body: PostOrPosts,
    traceparent: Annotated[str | None, Header()] = None,
) -> Accepted:
    """Write one post or a batch of up to 1,000 to the stream.

    Sending a post again with the same id has no effect, so that a request without an answer can be repeated. The answer
    is 503 with Retry-After while the backlog has reached its limit or the broker's memory is nearly full.
    """
    posts = body.posts if isinstance(body, PostBatch) else [body]
    with admission.admit(len(posts)):
        return Accepted(ids=await submission.submit(posts, traceparent))
