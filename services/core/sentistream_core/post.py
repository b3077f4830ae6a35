"""A social post and how it travels as an entry of `social_posts_stream`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

MAX_CONTENT_CHARACTERS: Final = 10_000
MAX_NAME_BYTES: Final = 1_000
"""Of `source` and of `author`: a row of a PostgreSQL index, which may hold both, has room for 2,704 bytes."""

_MAX_BYTES: Final = {
    # A character takes at most four bytes: a huge value is refused before it is decoded.
    b"content": 4 * MAX_CONTENT_CHARACTERS,
    b"source": MAX_NAME_BYTES,
    b"author": MAX_NAME_BYTES,
    b"url": 4_000,
    b"lang": 100,
    b"id": 100,
    b"created_at": 100,
    b"traceparent": 1_000,
}
"""Bounds in UTF-8, as it is stored."""


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
    traceparent: str | None = None
    """W3C trace context of whoever sent the post."""


class UnreadableReason(StrEnum):
    """Why an entry is not a post."""

    NO_CONTENT = "no_content"
    CONTENT_TOO_LONG = "content_too_long"
    FIELD_TOO_LONG = "field_too_long"
    INVALID_UTF8 = "invalid_utf8"
    NUL_CHARACTER = "nul_character"
    INVALID_ID = "invalid_id"
    INVALID_CREATED_AT = "invalid_created_at"


class UnreadableEntryError(ValueError):
    """The entry is not a post, and never will be however often it is delivered."""

    def __init__(self, reason: UnreadableReason, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


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
    if post.traceparent is not None:
        fields["traceparent"] = post.traceparent
    return fields


def decode_post(entry_id: str, fields: Mapping[bytes, bytes]) -> Post:
    """Read a post from an entry.

    Only `id` and `content` are required; `EntryIds.identified` gives an `id` to an entry that has none. Without
    `created_at` the time follows from the entry id, now at the latest, and `source` is "unknown". Fields that are not
    known are ignored.

    Raises:
        UnreadableEntryError: a field that does not fit, with the reason.
    """
    raw_created_at = _text(fields, b"created_at")
    return Post(
        id=_uuid(_text(fields, b"id") or ""),
        content=_content(fields),
        source=_text(fields, b"source") or "unknown",
        created_at=time_of_entry(entry_id, latest=datetime.now(UTC))
        if raw_created_at is None
        else _time(raw_created_at),
        author=_text(fields, b"author"),
        lang=_text(fields, b"lang"),
        url=_text(fields, b"url"),
        traceparent=_text(fields, b"traceparent"),
    )


def time_of_entry(entry_id: str, *, latest: datetime) -> datetime:
    """When the broker took the entry, and `latest` at the latest.

    The first half of the id is milliseconds since 1970, if the broker made it. A writer may choose another id, up to
    64 bits, and the broker then gives all later entries ids above that one: they tell nothing of the time any more.
    """
    milliseconds = int(entry_id.partition("-")[0])
    if milliseconds >= latest.timestamp() * 1000:
        return latest
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _text(fields: Mapping[bytes, bytes], name: bytes) -> str | None:
    raw = fields.get(name)
    if not raw:
        return None
    field = name.decode()
    if len(raw) > _MAX_BYTES[name]:
        if name == b"content":
            raise _content_too_long(f"{len(raw)} bytes")
        raise UnreadableEntryError(
            UnreadableReason.FIELD_TOO_LONG, f"{field} has {len(raw)} bytes, at most {_MAX_BYTES[name]} are taken"
        )
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise UnreadableEntryError(
            UnreadableReason.INVALID_UTF8, f"{field} is not UTF-8 at byte {error.start}"
        ) from error
    if "\0" in text:
        raise UnreadableEntryError(
            UnreadableReason.NUL_CHARACTER, f"{field} holds a NUL character, which PostgreSQL cannot store"
        )
    return text


def _content(fields: Mapping[bytes, bytes]) -> str:
    content = _text(fields, b"content")
    if content is None or not content.strip():
        raise UnreadableEntryError(UnreadableReason.NO_CONTENT, "content is missing or blank")
    if len(content) > MAX_CONTENT_CHARACTERS:
        raise _content_too_long(f"{len(content)} characters")
    return content


def _content_too_long(got: str) -> UnreadableEntryError:
    detail = f"content has {got}, at most {MAX_CONTENT_CHARACTERS} characters are taken"
    return UnreadableEntryError(UnreadableReason.CONTENT_TOO_LONG, detail)


def _uuid(raw: str) -> UUID:
    try:
        return UUID(raw)
    except ValueError as error:
        raise UnreadableEntryError(UnreadableReason.INVALID_ID, f"id {raw[:80]!r} is not a UUID") from error


def _time(raw: str) -> datetime:
    try:
        time = datetime.fromisoformat(raw)
        # A time without a zone is taken as UTC, and all are kept in UTC: year 1 and 9999 may leave the range here.
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise UnreadableEntryError(
            UnreadableReason.INVALID_CREATED_AT, f"created_at {raw[:80]!r} is not an RFC 3339 time"
        ) from error
