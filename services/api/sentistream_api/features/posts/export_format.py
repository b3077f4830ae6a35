"""How exported posts are written, a line each."""

import csv
import json
from collections.abc import Sequence
from enum import StrEnum
from io import StringIO
from typing import Any, Final

from pydantic import Field

from sentistream_api.features.posts.cursor import encode_cursor
from sentistream_api.features.posts.schemas import POST_EXAMPLE, PostOut
from sentistream_core.classified_post import ProcessedPost
from sentistream_core.database.posts import PagePosition

_COLUMNS: Final = (
    "id",
    "posted_at",
    "timestamp",
    "source",
    "author",
    "lang",
    "url",
    "revision",
    "sentiment_label",
    "sentiment_score",
    "positive",
    "neutral",
    "negative",
    "model",
    "stream_id",
    "content",
    "cursor",
)
_BEGIN_FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
"""https://owasp.org/www-community/attacks/CSV_Injection"""


class Format(StrEnum):
    CSV = "csv"
    NDJSON = "ndjson"

    @property
    def media_type(self) -> str:
        return "text/csv; charset=utf-8" if self is Format.CSV else "application/x-ndjson"

    @property
    def header(self) -> str:
        """What stands before the first line."""
        return _csv([_COLUMNS]) if self is Format.CSV else ""

    def lines(self, posts: Sequence[ProcessedPost]) -> str:
        """One for each post, with its cursor."""
        return _csv([_row(post) for post in posts]) if self is Format.CSV else "".join(map(_object, posts))


class ExportedPost(PostOut):
    cursor: str = Field(description="Pass it as `before` to go on after this post")


def _exported(post: ProcessedPost) -> ExportedPost:
    position = PagePosition(post.timestamp, post.classified.post.id)
    return ExportedPost(**PostOut.of(post).model_dump(), cursor=encode_cursor(position))


def _object(post: ProcessedPost) -> str:
    return _exported(post).model_dump_json() + "\n"


def _row(post: ProcessedPost) -> list[object]:
    fields = _exported(post).model_dump(mode="json")
    fields |= fields["scores"]
    return [_defused(fields[column]) for column in _COLUMNS]


def _defused(cell: object) -> object:
    """Text that a spreadsheet would take for a formula begins with an apostrophe."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_BEGIN_FORMULAS) else cell


def _csv(rows: Sequence[Sequence[object]]) -> str:
    text = StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue()


_EXAMPLE: Final = POST_EXAMPLE | {"cursor": "6510a7d1b8a40-0197b2a46d1c7c3e9a550c2f6f3f0a11"}
EXPORT_RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "A line for each post",
        "content": {
            Format.NDJSON.media_type: {"schema": {"type": "string"}, "example": json.dumps(_EXAMPLE) + "\n"},
            "text/csv": {"schema": {"type": "string"}, "example": Format.CSV.header},
        },
    }
}
"""What the OpenAPI document says of the answer."""
