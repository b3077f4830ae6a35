"""What a client of the live stream wants to see."""

from enum import StrEnum
from typing import Annotated, NamedTuple, Self

from fastapi import Query
from pydantic import BaseModel, Field

from sentistream_api.parameters import EntryId
from sentistream_core.sentiment import Label


class WantedPosts(StrEnum):
    SAMPLE = "sample"
    """The newest few of each update: what a reader can follow."""
    ALL = "all"
    """Every one, up to a bound."""
    NONE = "none"
    """Counts only."""


class SubscriptionQuery(BaseModel):
    """The query parameters of /ws/sentiment."""

    posts: WantedPosts = Field(
        default=WantedPosts.SAMPLE, description="sample: the newest few of each update; all: every post; none: no posts"
    )
    label: Label | None = Field(default=None, description="Posts of this label only; counts are always of all posts")
    since: EntryId | None = Field(default=None, description="`cursor` of the last frame before the connection was lost")


LiveQuery = Annotated[SubscriptionQuery, Query()]


class Subscription(NamedTuple):
    """Clients with equal subscriptions get the same frames; there are nine different ones."""

    posts: WantedPosts = WantedPosts.SAMPLE
    label: Label | None = None

    @classmethod
    def of(cls, query: SubscriptionQuery) -> Self:
        """Without posts their label does not matter."""
        return cls(posts=query.posts, label=None if query.posts is WantedPosts.NONE else query.label)
