"""Query parameters that say which posts."""

from dataclasses import replace
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field, StringConstraints

from sentistream_api.features.posts.cursor import Cursor
from sentistream_api.features.posts.export_format import Format
from sentistream_api.parameters import STORABLE, LanguageTag, Time
from sentistream_core.database.posts import PostFilter
from sentistream_core.entry_fields import MAX_NAME_BYTES
from sentistream_core.sentiment import Label

_MAX_QUERY_CHARACTERS = 200
_Score = Annotated[float, Field(ge=0, le=1)]


class PostQuery(BaseModel):
    label: Label | None = None
    # No source has more bytes, so none has more characters.
    source: Annotated[str, StringConstraints(max_length=MAX_NAME_BYTES), STORABLE] | None = None
    lang: LanguageTag | None = Field(default=None, description="Language, with its variants: pt is also pt-BR")
    min_score: _Score | None = Field(default=None, description="Probability of the label, at least")
    max_score: _Score | None = Field(default=None, description="Probability of the label, at most")
    before: Cursor | None = None

    def filter(self) -> PostFilter:
        return PostFilter(
            label=self.label,
            source=self.source,
            lang=self.lang,
            min_score=self.min_score,
            max_score=self.max_score,
        )


class SearchedQuery(PostQuery):
    q: Annotated[str, StringConstraints(max_length=_MAX_QUERY_CHARACTERS), STORABLE] | None = Field(
        default=None,
        description='Words that must all occur; "a phrase", -not, OR; #hashtag, @mention and emoji are words, too',
        examples=['#espresso "so good" -decaf'],
    )
    since: Time | None = Field(default=None, alias="from", description="Written at this time or later")
    until: Time | None = Field(default=None, alias="to", description="Written before this time")

    def filter(self) -> PostFilter:
        return replace(super().filter(), since=self.since, until=self.until, text=self.q or None)


class PageQuery(BaseModel):
    limit: int = Field(default=10, ge=1, le=200, description="Posts of a page, at most")


class RecentQuery(PostQuery, PageQuery):
    @property
    def may_take_long(self) -> bool:
        """Whether no index leads to the posts: many may have to be looked at to find a few."""
        unsorted = (self.lang, self.min_score, self.max_score)
        return any(each is not None for each in unsorted) or None not in {self.label, self.source}


class SearchQuery(SearchedQuery, PageQuery):
    pass


class ExportQuery(SearchedQuery):
    format: Format = Field(default=Format.NDJSON, description="JSON objects, one a line; or CSV (RFC 4180)")


Recent = Annotated[RecentQuery, Query()]
Search = Annotated[SearchQuery, Query()]
Export = Annotated[ExportQuery, Query()]
