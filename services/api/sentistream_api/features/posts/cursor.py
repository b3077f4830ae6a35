"""Cursors of pages. A cursor is a position in the order of posts; clients treat it as opaque."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Final
from uuid import UUID

from pydantic import Field

from sentistream_core.database.posts import PagePosition

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_PATTERN: Final = r"^[0-9a-f]{1,14}-[0-9a-f]{32}$"
"""Fourteen hexadecimal digits of microseconds reach to the year 4253."""


def encode_cursor(position: PagePosition) -> str:
    microseconds = (position.timestamp - _EPOCH) // timedelta(microseconds=1)
    return f"{microseconds:x}-{position.id.hex}"


def decode_cursor(cursor: str) -> PagePosition:
    """Decode what `encode_cursor` returned.

    Raises:
        ValueError: the text is not a cursor.
    """
    microseconds, _, post_id = cursor.partition("-")
    try:
        return PagePosition(_EPOCH + timedelta(microseconds=int(microseconds, 16)), UUID(post_id))
    except OverflowError as error:
        raise ValueError("not a cursor of this API") from error


Cursor = Annotated[str, Field(pattern=_PATTERN, description="`next` of the previous page")]
