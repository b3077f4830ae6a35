"""Which posts are compared with which."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from sentistream_api.problems import InvalidRequestError
from sentistream_core.database.posts import ALL_POSTS, PostFilter

_DAY: Final = timedelta(days=1)
_DEFAULT: Final = timedelta(hours=1)
_GRAIN: Final = timedelta(seconds=5)
_EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)


class Against(StrEnum):
    """What the posts are compared with."""

    PREVIOUS = "previous"
    """Such posts of as long a time, just before."""
    YESTERDAY = "yesterday"
    """Such posts of the same time of the day before."""
    ALL = "all"
    """All posts of the same time."""


@dataclass(frozen=True, slots=True)
class PostsOfTime:
    since: datetime
    until: datetime
    where: PostFilter


@dataclass(frozen=True, slots=True)
class Question:
    posts: PostsOfTime
    against: Against
    limit: int

    @property
    def compared(self) -> PostsOfTime:
        """The other set of posts."""
        posts = self.posts
        match self.against:
            case Against.PREVIOUS:
                return replace(posts, since=posts.since - (posts.until - posts.since), until=posts.since)
            case Against.YESTERDAY:
                return replace(posts, since=posts.since - _DAY, until=posts.until - _DAY)
            case Against.ALL:
                return replace(posts, where=ALL_POSTS)


def ask(
    now: datetime, *, since: datetime | None, until: datetime | None, where: PostFilter, against: Against, limit: int
) -> Question:
    """The question, by default of the last hour; "now" is taken to the last five seconds, so that many ask the same.

    Raises:
        InvalidRequestError: times that no posts can have, or two sets that are the same or overlap.
    """
    until = until or now - (now - _EARLIEST) % _GRAIN
    since = since or max(until, _EARLIEST + _DEFAULT) - _DEFAULT
    if since < _EARLIEST or until > _LATEST:
        raise InvalidRequestError("query.from, query.to: must lie between the years 1970 and 2200.")
    if since >= until:
        raise InvalidRequestError("query.from: must be before `to`.")
    if against is Against.YESTERDAY and until - since > _DAY:
        raise InvalidRequestError("query.against: `yesterday` is for at most 24 hours; use `previous`.")
    if against is Against.ALL and where == ALL_POSTS:
        raise InvalidRequestError(
            "query.against: `all` needs a label, a source or a language: otherwise all is compared with all."
        )
    return Question(PostsOfTime(since, until, where), against, limit)
