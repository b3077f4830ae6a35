"""GET /api/posts/recent."""

from typing import Annotated

from fastapi import APIRouter, Query

from sentistream_api.posts.schemas import PostOut, PostPage
from sentistream_api.resources import DatabasePool
from sentistream_core.database.posts import recent_posts

router = APIRouter(prefix="/api/posts", tags=["posts"])


@router.get("/recent")
async def recent(pool: DatabasePool, limit: Annotated[int, Query(ge=1, le=200)] = 10) -> PostPage:
    """The posts that were processed last."""
    return PostPage(posts=[PostOut.of(post) for post in await recent_posts(pool, limit)])
