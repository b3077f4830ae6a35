"""Types of query parameters and body fields that several routes take."""

import re
from datetime import UTC, datetime
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema

_RFC3339: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")


def _storable(text: str) -> str:
    if "\0" in text:
        raise ValueError("a NUL character cannot be stored")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("half of a surrogate pair is not a character") from error
    return text


def _time(value: object) -> datetime:
    if isinstance(value, datetime) and value.tzinfo:
        return value.astimezone(UTC)
    if not isinstance(value, str) or not _RFC3339.fullmatch(value):
        raise ValueError("not an RFC 3339 time with a zone, such as 2026-05-04T03:02:01Z")
    try:
        return datetime.fromisoformat(value.upper()).astimezone(UTC)
    except OverflowError as error:
        raise ValueError("the time is out of range in UTC") from error


STORABLE: Final = AfterValidator(_storable)
"""Refuses text that PostgreSQL cannot store or compare."""
STORABLE_PATTERN: Final = r"^[^\u0000]*$"
"""The same for the OpenAPI document, as far as a pattern can express it."""

Time = Annotated[
    datetime, BeforeValidator(_time), WithJsonSchema({"type": "string", "format": "date-time"}, mode="validation")
]
"""An RFC 3339 time; a zone is required, and the value is in UTC."""

LanguageTag = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}$")]
"""BCP 47, without its rare long forms."""

EntryId = Annotated[str, Field(pattern="^[0-9]{1,19}-[0-9]{1,19}$")]
"""Id of an entry of a stream: its parts fit into 64 bits."""
