"""Reading the fields of an entry of the posts stream; their lengths are checked before they are decoded."""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

MAX_CONTENT_CHARACTERS: Final = 10_000
MAX_NAME_BYTES: Final = 1_000
"""Limit of `source` and of `author`: an index row in PostgreSQL, which may contain both, has at most 2,704 bytes."""

_MAX_BYTES: Final = {
    # A character has at most four bytes, so a value that is too long is refused before it is decoded.
    b"content": 4 * MAX_CONTENT_CHARACTERS,
    b"source": MAX_NAME_BYTES,
    b"author": MAX_NAME_BYTES,
    b"url": 4_000,
    b"lang": 100,
    b"id": 100,
    b"created_at": 100,
    b"revision": 100,
    b"op": 100,
    b"traceparent": 1_000,
}
"""Limits in bytes of UTF-8."""


class UnreadableReason(StrEnum):
    """Why an entry cannot be decoded."""

    NO_CONTENT = "no_content"
    CONTENT_TOO_LONG = "content_too_long"
    FIELD_TOO_LONG = "field_too_long"
    INVALID_UTF8 = "invalid_utf8"
    NUL_CHARACTER = "nul_character"
    INVALID_ID = "invalid_id"
    INVALID_CREATED_AT = "invalid_created_at"
    INVALID_OPERATION = "invalid_operation"
    MISSING_FIELD = "missing_field"


class UnreadableEntryError(ValueError):
    """The entry cannot be decoded; delivering it again does not help."""

    def __init__(self, reason: UnreadableReason, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


class Operation(StrEnum):
    """Values of the field `op`; an entry without it creates a post."""

    CREATE = "create"
    EDIT = "edit"
    DELETE = "delete"
    FORGET = "forget"


def operation_field(fields: Mapping[bytes, bytes]) -> Operation:
    raw = text_field(fields, b"op")
    if raw is None:
        return Operation.CREATE
    try:
        return Operation(raw)
    except ValueError as error:
        raise UnreadableEntryError(
            UnreadableReason.INVALID_OPERATION, f"op {raw[:80]!r} is none of {', '.join(Operation)}"
        ) from error


def required_field(fields: Mapping[bytes, bytes], name: bytes) -> str:
    text = text_field(fields, name)
    if text is None:
        raise UnreadableEntryError(
            UnreadableReason.MISSING_FIELD, f"an entry with op {operation_field(fields)} needs {name.decode()}"
        )
    return text


def text_field(fields: Mapping[bytes, bytes], name: bytes) -> str | None:
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


def content_field(fields: Mapping[bytes, bytes]) -> str:
    content = text_field(fields, b"content")
    if content is None or not content.strip():
        raise UnreadableEntryError(UnreadableReason.NO_CONTENT, "content is missing or blank")
    if len(content) > MAX_CONTENT_CHARACTERS:
        raise _content_too_long(f"{len(content)} characters")
    return content


def _content_too_long(got: str) -> UnreadableEntryError:
    detail = f"content has {got}, at most {MAX_CONTENT_CHARACTERS} characters are taken"
    return UnreadableEntryError(UnreadableReason.CONTENT_TOO_LONG, detail)


def uuid_field(raw: str) -> UUID:
    try:
        return UUID(raw)
    except ValueError as error:
        raise UnreadableEntryError(UnreadableReason.INVALID_ID, f"id {raw[:80]!r} is not a UUID") from error


def time_field(raw: str) -> datetime:
    try:
        time = datetime.fromisoformat(raw)
        # A time without a zone is taken as UTC, and all are converted to UTC. Years 1 and 9999 may overflow here.
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise UnreadableEntryError(
            UnreadableReason.INVALID_CREATED_AT, f"created_at {raw[:80]!r} is not an RFC 3339 time"
        ) from error
