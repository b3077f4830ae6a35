"""What an entry of the posts stream says: that a post was written or edited, or that posts are gone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from sentistream_core.entry_fields import Operation, operation_field, required_field, uuid_field
from sentistream_core.post import UNKNOWN_SOURCE, Post, created_at_or_entry_time, decode_post, encode_post


@dataclass(frozen=True, slots=True)
class Deletion:
    """A post is gone: what is stored of its content, author and url is removed."""

    id: UUID


@dataclass(frozen=True, slots=True)
class AuthorRemoval:
    """An author is gone: all that the author had written until then is removed like posts that were deleted."""

    source: str
    author: str
    created_at: datetime
    """Until when, with a time zone."""


Change: TypeAlias = Post | Deletion | AuthorRemoval
"""What an entry of the posts stream says."""


@dataclass(frozen=True, slots=True)
class Removals:
    """Many posts that are gone."""

    ids: frozenset[UUID]
    authors: Mapping[tuple[str, str], datetime]
    """Source and author, and until when what they wrote is gone."""

    def __bool__(self) -> bool:
        return bool(self.ids or self.authors)

    def cover(self, entry_id: str, fields: Mapping[bytes, bytes]) -> bool:
        """Whether the entry, in whatever stream, holds one of these posts; what else it holds does not matter."""
        try:
            if UUID(fields.get(b"id", b"").decode()) in self.ids:
                return True
        except ValueError:  # no post of any id
            pass
        who = tuple(fields.get(name, b"").decode(errors="replace") for name in (b"source", b"author"))
        until = self.authors.get((who[0] or UNKNOWN_SOURCE, who[1]))
        if until is None:
            return False
        try:
            return created_at_or_entry_time(entry_id, fields) <= until
        except ValueError:  # what tells no time, as a dead letter may: the author's it is nevertheless
            return True


def encode_change(change: Change) -> dict[str, str]:
    """The flat fields of an entry."""
    match change:
        case Post():
            return encode_post(change)
        case Deletion():
            return {"op": Operation.DELETE, "id": str(change.id)}
        case AuthorRemoval():
            return {
                "op": Operation.FORGET,
                "source": change.source,
                "author": change.author,
                "created_at": change.created_at.isoformat(),
            }


def decode_change(entry_id: str, fields: Mapping[bytes, bytes]) -> Change:
    """Read an entry of the posts stream: a post, as `decode_post` does, or what says that posts are gone.

    Raises:
        UnreadableEntryError: a field that does not fit, with the reason.
    """
    match operation_field(fields):
        case Operation.DELETE:
            return Deletion(uuid_field(required_field(fields, b"id")))
        case Operation.FORGET:
            return AuthorRemoval(
                source=required_field(fields, b"source"),
                author=required_field(fields, b"author"),
                created_at=created_at_or_entry_time(entry_id, fields),
            )
        case Operation.CREATE | Operation.EDIT:
            return decode_post(entry_id, fields)
