"""A social post and how it travels as an entry of `social_posts_stream`."""

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
"""Of a post that names no source."""


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
    """Of an edited post: the greater one, by UTF-8 bytes, is the newer. None is the post as it was first written."""
    traceparent: str | None = None
    """W3C trace context of whoever sent the post."""


def encode_post(post: Post) -> dict[str, str]:
    """The flat fields of an entry; absent optional values have no field."""
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
    """Read a post from an entry.

    Only `id` and `content` are required; `EntryIds.identified` gives an `id` to an entry that has none. Without others
    the time follows from the entry id, now at the latest, and the source is unknown. Unknown fields are ignored.

    Raises:
        UnreadableEntryError: a field that does not fit, with the reason.
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
    """What `created_at` says; without it, when the broker took the entry, now at the latest."""
    raw = text_field(fields, b"created_at")
    return time_of_entry(entry_id, latest=datetime.now(UTC)) if raw is None else time_field(raw)


def time_of_entry(entry_id: str, *, latest: datetime) -> datetime:
    """When the broker took the entry, and `latest` at the latest.

    The first half of the id is milliseconds since 1970, if the broker made it. A writer may choose another id, up to
    64 bits, and the broker then gives all later entries ids above that one: they tell nothing of the time any more.
    """
    milliseconds = int(entry_id.partition("-")[0])
    if milliseconds >= latest.timestamp() * 1000:
        return latest
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
