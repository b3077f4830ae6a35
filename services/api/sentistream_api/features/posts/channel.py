"""The channel of new posts."""

from collections.abc import Collection, Iterable
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from sentistream_api.features.posts.schemas import POST_EXAMPLE, PostOut
from sentistream_api.live.channel import Channel
from sentistream_api.live.follower import KEPT_ENTRIES, Arrivals, Follower, RawEntry
from sentistream_core.classified_post import decode_processed
from sentistream_core.database.pool import Pool
from sentistream_core.database.posts import PostFilter, recent_posts
from sentistream_core.log import get_logger
from sentistream_core.sentiment import Label

_SAMPLE: Final = 20
_POSTS_OF_SNAPSHOT: Final = 50
_GAP_AT_MOST: Final = 500


class WantedPosts(StrEnum):
    SAMPLE = "sample"
    """The newest few of each update, as many as a reader can follow."""
    ALL = "all"
    """All of each update, up to a limit."""
    NONE = "none"
    """Counts only."""


_LIMITS: Final = {WantedPosts.SAMPLE: _SAMPLE, WantedPosts.ALL: KEPT_ENTRIES, WantedPosts.NONE: 0}


class PostsQuery(BaseModel):
    posts: WantedPosts = Field(
        default=WantedPosts.SAMPLE, description="sample: the newest few of each update; all: all posts; none: no posts"
    )
    label: Label | None = Field(
        default=None,
        description="Only posts with this label, and all edited posts, since one may have had the label before; counts "
        "are always of all posts",
    )


class PostsSubscription(NamedTuple):
    """There are nine different subscriptions."""

    posts: WantedPosts
    label: Label | None


class PostsSnapshot(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"posts": [POST_EXAMPLE], "removed": [], "gap_filled": False}]}
    )

    posts: list[PostOut] = Field(description="The newest posts of the subscription, newest first")
    removed: list[UUID] = Field(description="Posts removed since the cursor that the client passed: stop showing them")
    gap_filled: bool = Field(description="Whether `posts` has every post since the cursor that the client passed")


class PostsUpdate(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"posts": [POST_EXAMPLE], "removed": [], "posts_complete": True, "new_posts": 1}]
        }
    )

    posts: list[PostOut] = Field(description="New posts of the subscription since the last update, newest first")
    removed: list[UUID] = Field(description="Posts that were removed, of all labels: stop showing them")
    posts_complete: bool = Field(description="Whether `posts` has all new posts with the label that was asked for")
    new_posts: int = Field(description="Number of new posts since the last update, of all labels")


class _Arrived:
    """The posts of an update. Each is decoded once, however many subscriptions include it."""

    def __init__(self, arrivals: Arrivals) -> None:
        self._arrivals = arrivals
        self._decoded: dict[tuple[str, str], list[PostOut]] = {}

    @property
    def is_new(self) -> bool:
        return self._arrivals.count > 0 or bool(self._arrivals.removed)

    def part(self, subscription: PostsSubscription, /) -> PostsUpdate:
        label, limit = subscription.label, _LIMITS[subscription.posts]
        fitting = [
            entry
            for entry in reversed(self._arrivals.newest)
            if label is None
            or entry.fields.get(b"sentiment_label") == label.value.encode()
            or b"revision" in entry.fields
        ]
        removed = set(self._arrivals.removed)
        return PostsUpdate(
            posts=[post for entry in fitting[:limit] for post in self._decode(entry) if post.id not in removed],
            removed=list(self._arrivals.removed),
            posts_complete=len(fitting) <= limit and len(self._arrivals.newest) == self._arrivals.count,
            new_posts=self._arrivals.count,
        )

    def _decode(self, entry: RawEntry) -> list[PostOut]:
        """The post; an empty list if no worker wrote the entry."""
        key = entry.stream, entry.id
        if key not in self._decoded:
            self._decoded[key] = _decode([entry])
        return self._decoded[key]


class PostsChannel(Channel[PostsQuery, PostsSubscription]):
    query = PostsQuery
    snapshot = PostsSnapshot
    update = PostsUpdate

    def __init__(self, pool: Pool, follower: Follower) -> None:
        self._pool = pool
        self._follower = follower

    def subscription(self, query: PostsQuery) -> PostsSubscription:
        """The subscription; without posts, the label is dropped."""
        return PostsSubscription(query.posts, None if query.posts is WantedPosts.NONE else query.label)

    async def look(self, arrivals: Arrivals, _: Collection[PostsSubscription]) -> _Arrived:
        return _Arrived(arrivals)

    async def begin(self, subscription: PostsSubscription) -> PostsSnapshot:
        if subscription.posts is WantedPosts.NONE:
            return PostsSnapshot(posts=[], removed=[], gap_filled=False)
        found = await recent_posts(self._pool, _POSTS_OF_SNAPSHOT, where=PostFilter(label=subscription.label))
        return PostsSnapshot(posts=[PostOut.of(post) for post in found], removed=[], gap_filled=False)

    async def resume(self, subscription: PostsSubscription, since: str) -> PostsSnapshot | None:
        if subscription.posts is WantedPosts.NONE:
            return None
        missed = await self._follower.since(since, _GAP_AT_MOST)
        if missed is None:
            return None
        posts = [
            post
            for post in _decode(missed.posts)
            if (subscription.label in {None, post.sentiment_label} or post.revision is not None)
            and post.id not in missed.removed
        ]
        return PostsSnapshot(posts=posts, removed=list(missed.removed), gap_filled=True)


def _decode(entries: Iterable[RawEntry]) -> list[PostOut]:
    """The posts of the entries. An entry that no worker wrote is logged and left out."""
    posts = []
    for entry in entries:
        try:
            posts.append(PostOut.of(decode_processed(entry.id, entry.fields)))
        except ValueError as error:
            get_logger().warning("skipped a foreign entry", stream=entry.stream, error=str(error))
    return posts
