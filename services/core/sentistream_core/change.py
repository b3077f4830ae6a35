"""The kinds of entries in the posts stream: a post (new or edited), a deletion, and the removal of an author."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from sentistream_core.entry_fields import Operation, operation_field, required_field, uuid_field
from sentistream_core.post import UNKNOWN_SOURCE, Post, created_at_or_entry_time, decode_post, encode_post


@dataclass(frozen=True, slots=True)
class Deletion:
    """A post was deleted at its source: its row, with content, author and url, is deleted here, too."""

    id: UUID


@dataclass(frozen=True, slots=True)
class AuthorRemoval:
    """An author was removed: everything that the author wrote up to `created_at` is deleted like single posts."""

    source: str
    author: str
    created_at: datetime
    """Posts written up to this time are removed; with a time zone."""


Change: TypeAlias = Post | Deletion | AuthorRemoval
"""What an entry of the posts stream says."""


@dataclass(frozen=True, slots=True)
class Removals:
    """A set of removed posts: by id, and by author and time."""

    ids: frozenset[UUID]
    authors: Mapping[tuple[str, str], datetime]
    """(source, author) to the time up to which the author's posts are removed."""

    def __bool__(self) -> bool:
        return bool(self.ids or self.authors)

    def cover(self, entry_id: str, fields: Mapping[bytes, bytes]) -> bool:
        """Whether an entry (of any stream) contains one of these posts. Its other fields need not be valid."""
        try:
            if UUID(fields.get(b"id", b"").decode()) in self.ids:
                return True
        except ValueError:  # no valid id
            pass
        who = tuple(fields.get(name, b"").decode(errors="replace") for name in (b"source", b"author"))
        until = self.authors.get((who[0] or UNKNOWN_SOURCE, who[1]))
        if until is None:
            return False
        try:
            return created_at_or_entry_time(entry_id, fields) <= until
        except ValueError:  # no readable time, as in some dead letters: it is by the author, so it is covered
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
    """Decode an entry of the posts stream, by its field `op`. Posts are decoded by `decode_post`.

    Raises:
        UnreadableEntryError: a field is missing or invalid; the error names the reason.
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
