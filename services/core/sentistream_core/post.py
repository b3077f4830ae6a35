"""A social post, and how it is encoded as an entry of the posts stream."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from sentistream_core.entry_fields import (
    Operation,
    content_field,
    operation_field,
    required_field,
    text_field,
    time_field,
    uuid_field,
)

UNKNOWN_SOURCE: Final = "unknown"
"""The source of a post that names none."""


@dataclass(frozen=True, slots=True)
class Post:
    id: UUID
    content: str
    source: str
    created_at: datetime
    """When the post was written, with a time zone."""
    author: str | None = None
    lang: str | None = None
    url: str | None = None
    revision: str | None = None
    """Version of an edited post; of two, the greater one (by UTF-8 bytes) is newer. None: the post as first written."""
    traceparent: str | None = None
    """W3C trace context of the post's sender."""


def encode_post(post: Post) -> dict[str, str]:
    """The flat fields of an entry; optional values that are None have no field."""
    fields = {
        "id": str(post.id),
        "content": post.content,
        "source": post.source,
        "created_at": post.created_at.isoformat(),
    }
    if post.author is not None:
        fields["author"] = post.author
    if post.lang is not None:
        fields["lang"] = post.lang
    if post.url is not None:
        fields["url"] = post.url
    if post.revision is not None:
        fields |= {"op": Operation.EDIT, "revision": post.revision}
    if post.traceparent is not None:
        fields["traceparent"] = post.traceparent
    return fields


def decode_post(entry_id: str, fields: Mapping[bytes, bytes]) -> Post:
    """Decode a post from an entry. Unknown fields are ignored.

    Only `id` and `content` are required, and `revision` for an edit. `EntryIds.identified` adds an `id` to an entry
    without one. Without `created_at` the time is that of the entry id (at most now); without `source` it is "unknown".

    Raises:
        UnreadableEntryError: a field is missing or invalid; the error names the reason.
    """
    return Post(
        id=uuid_field(text_field(fields, b"id") or ""),
        content=content_field(fields),
        source=text_field(fields, b"source") or UNKNOWN_SOURCE,
        created_at=created_at_or_entry_time(entry_id, fields),
        author=text_field(fields, b"author"),
        lang=text_field(fields, b"lang"),
        url=text_field(fields, b"url"),
        revision=required_field(fields, b"revision") if operation_field(fields) is Operation.EDIT else None,
        traceparent=text_field(fields, b"traceparent"),
    )


def created_at_or_entry_time(entry_id: str, fields: Mapping[bytes, bytes]) -> datetime:
    """The time in `created_at`; without that field the time of the entry id, at most now."""
    raw = text_field(fields, b"created_at")
    return time_of_entry(entry_id, latest=datetime.now(UTC)) if raw is None else time_field(raw)


def time_of_entry(entry_id: str, *, latest: datetime) -> datetime:
    """When the broker received the entry, by its id; at most `latest`.

    The first half of an id that the broker made is milliseconds since 1970. A writer may choose any higher id, and the
    broker then gives all later entries ids above that one. Such ids no longer show the time.
    """
    milliseconds = int(entry_id.partition("-")[0])
    if milliseconds >= latest.timestamp() * 1000:
        return latest
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
