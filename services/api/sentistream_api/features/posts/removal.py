"""Removing posts: a request becomes an entry of the posts stream, like the removals from sources."""

from datetime import UTC, datetime
from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from sentistream_api.access.caller import Scope
from sentistream_api.access.guard import requires
from sentistream_api.access.guarded_route import GuardedRoute
from sentistream_api.context import RedisClient, StreamTopology
from sentistream_api.problems import ProblemError, raises
from sentistream_api.request_body import RequestBody
from sentistream_api.submission.new_post import Name
from sentistream_core.broker.removals import request_removal
from sentistream_core.change import AuthorRemoval, Deletion

router = APIRouter(prefix="/api/posts", tags=["posts"], dependencies=[requires(Scope.ADMIN)], route_class=GuardedRoute)


class NoPostIdError(ProblemError):
    """Routing's answer to a path whose last part is not a UUID."""

    status = HTTPStatus.NOT_FOUND
    summary = "The last part of the path is not an id"
    example = "Not Found"


class ForgottenAuthor(RequestBody):
    """An author whose posts are to be removed."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"source": "bluesky", "author": "did:plc:ada"}]})

    source: Name = Field(description="Source of the author's posts")
    author: Name = Field(description="The author, exactly as in the posts")


class Removal(BaseModel):
    """The removal is in the stream and will be carried out."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"entry_id": "1777863721012-0"}]})

    entry_id: str = Field(description="Id of its entry in social_posts_stream")


@router.delete("/{post_id:uuid}", status_code=202)
@raises(NoPostIdError)
async def delete(redis: RedisClient, topology: StreamTopology, post_id: UUID) -> Removal:
    """Remove a post, whether it is already stored or not. For a week no post with its id is stored.

    Its row is deleted and it disappears from the live view within seconds; copies in streams and dead letters are
    erased within minutes. Counts do not change: they show what was posted.
    """
    return Removal(entry_id=await request_removal(redis, topology, Deletion(post_id)))


@router.post("/forget", status_code=202)
async def forget(redis: RedisClient, topology: StreamTopology, body: ForgottenAuthor) -> Removal:
    """Remove all posts that an author has written until now, as DELETE does with one post."""
    removal = AuthorRemoval(body.source, body.author, datetime.now(UTC))
    return Removal(entry_id=await request_removal(redis, topology, removal))
