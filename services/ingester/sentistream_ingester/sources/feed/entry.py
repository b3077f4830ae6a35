"""What a feed says, the same for all of its formats. Nothing in it is checked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Entry:
    guid: str
    """The feed's own identity of it; empty if it gives none."""
    url: str
    """Where to read it, perhaps relative to where the feed is; empty if it does not say."""
    title: str
    """Text."""
    text: str
    """Text."""
    author: str
    published: datetime | None
    """With a time zone."""
    lang: str


@dataclass(frozen=True, slots=True)
class FeedDocument:
    entries: Sequence[Entry]
    wait_seconds: float
    """For how long asking again is of no use, as the feed says; 0 if it does not."""


class NoFeedError(Exception):
    """What was found is no feed that can be read; the message says why."""
