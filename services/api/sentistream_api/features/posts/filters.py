"""Query parameters that say which posts."""

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field, StringConstraints

from sentistream_api.features.posts.cursor import Cursor
from sentistream_api.parameters import STORABLE, Time
from sentistream_core.database.posts import PostFilter
from sentistream_core.entry_fields import MAX_NAME_BYTES
from sentistream_core.sentiment import Label

_MAX_QUERY_CHARACTERS = 200
_Score = Annotated[float, Field(ge=0, le=1)]


class RecentQuery(BaseModel):
    limit: int = Field(default=10, ge=1, le=200, description="Posts of a page, at most")
    label: Label | None = None
    # No source has more bytes, so none has more characters.
    source: Annotated[str, StringConstraints(max_length=MAX_NAME_BYTES), STORABLE] | None = None
    min_score: _Score | None = Field(default=None, description="Probability of the label, at least")
    max_score: _Score | None = Field(default=None, description="Probability of the label, at most")
    before: Cursor | None = None

    @property
    def may_take_long(self) -> bool:
        """Whether no index leads to the posts: many may have to be looked at to find a few."""
        return self.min_score is not None or self.max_score is not None or None not in {self.label, self.source}

    def filter(self) -> PostFilter:
        return PostFilter(label=self.label, source=self.source, min_score=self.min_score, max_score=self.max_score)


class SearchQuery(RecentQuery):
    q: Annotated[str, StringConstraints(max_length=_MAX_QUERY_CHARACTERS), STORABLE] | None = Field(
        default=None,
        description='Words that must all occur; "a phrase", -not, OR; #hashtag, @mention and emoji are words, too',
        examples=['#espresso "so good" -decaf'],
    )
    since: Time | None = Field(default=None, alias="from", description="Written at this time or later")
    until: Time | None = Field(default=None, alias="to", description="Written before this time")

    def filter(self) -> PostFilter:
        return PostFilter(
            label=self.label,
            source=self.source,
            min_score=self.min_score,
            max_score=self.max_score,
            since=self.since,
            until=self.until,
            text=self.q or None,
        )


Recent = Annotated[RecentQuery, Query()]
Search = Annotated[SearchQuery, Query()]
