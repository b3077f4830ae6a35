"""Answers that a client may keep, and ask again whether they still hold (RFC 9110, section 13; RFC 9111)."""

from hashlib import sha256
from typing import Annotated, Any, Final

from fastapi import Header, Response
from pydantic import BaseModel

REVALIDATE: Final = "private, no-cache"
"""Keep it, but ask before each use whether it still holds."""
AN_HOUR: Final = "private, max-age=3600"

IfNoneMatch = Annotated[
    str | None,
    Header(description="`ETag` of an answer that the client has: if it still holds, the answer is 304 without a body"),
]

CONDITIONAL: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "headers": {
            "ETag": {"description": "For `If-None-Match` of the next request", "schema": {"type": "string"}},
            "Cache-Control": {"description": "How long it may be kept", "schema": {"type": "string"}},
        }
    },
    304: {"description": "What the client has still holds"},
}
"""For the `responses` of a route."""


def conditional(
    answer: BaseModel, if_none_match: str | None, *, cache_control: str, apart_from: frozenset[str] = frozenset()
) -> Response:
    """The answer as JSON, or 304 if the client has it already.

    It is the same answer as long as nothing changes but the fields `apart_from`, such as the time of the answer.
    """
    significant = answer.model_dump_json(by_alias=True, exclude=set(apart_from))
    tag = f'W/"{sha256(significant.encode()).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": cache_control}
    if if_none_match is not None and _names(if_none_match, tag):
        return Response(status_code=304, headers=headers)
    return Response(answer.model_dump_json(by_alias=True), headers=headers, media_type="application/json")


def _names(if_none_match: str, tag: str) -> bool:
    """By weak comparison, as If-None-Match is defined."""
    tags = [each.strip().removeprefix("W/") for each in if_none_match.split(",")]
    return tags == ["*"] or tag.removeprefix("W/") in tags
