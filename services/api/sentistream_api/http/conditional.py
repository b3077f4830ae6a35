"""Answers that a client may keep, and ask again whether they still hold (RFC 9110, section 13; RFC 9111)."""

from hashlib import sha256
from typing import Annotated, Any, Final

from fastapi import Depends, Header, Response
from pydantic import BaseModel
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_REVALIDATE: Final = "private, no-cache"
"""Keep it, but ask before each use whether it still holds."""


class Caching:
    """Tells the client of a route that it may keep the answer, and by what to ask whether it still holds."""

    def __init__(self, headers: MutableHeaders) -> None:
        self._headers = headers
        headers["Cache-Control"] = _REVALIDATE

    def same_apart_from(self, answer: BaseModel, *fields: str) -> None:
        """Take it for the same answer as long as nothing changes but these fields, such as the time of the answer."""
        significant = answer.model_dump_json(by_alias=True, exclude=set(fields))
        self._headers["ETag"] = _tag(significant.encode())


async def caching(
    response: Response,
    _if_none_match: Annotated[
        str | None,
        Header(
            alias="If-None-Match",
            description="`ETag` of an answer that the client has: if it still holds, the answer is 304 without a body",
        ),
    ] = None,
) -> Caching:
    """For routes whose answers may be kept."""
    return Caching(response.headers)


CACHED: Final = Depends(caching)
"""For the `dependencies` of a route that has nothing more to say about it."""
RouteCaching = Annotated[Caching, CACHED]

CONDITIONAL_RESPONSES: Final[dict[str, dict[str, Any]]] = {
    "200": {
        "headers": {
            "ETag": {"description": "For `If-None-Match` of the next request", "schema": {"type": "string"}},
            "Cache-Control": {"description": "How long it may be kept", "schema": {"type": "string"}},
        }
    },
    "304": {"description": "What the client has still holds"},
}
"""What the OpenAPI document says of such routes."""


class ConditionalGet:
    """Tags the answers of the API that may be kept, and sends 304 to who has the same one.

    Answers are tagged by their bodies unless the route did it; so what is streamed must not be kept.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith("/api/"):
            await self._app(scope, receive, send)
            return
        start: Message | None = None
        body = b""

        async def compare(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start" and _may_be_kept(message):
                start = message
            elif start is None:
                await send(message)
            else:
                body += message.get("body", b"")
                if not message.get("more_body"):
                    await _send_what_is_needed(start, body, Headers(scope=scope).get("If-None-Match"), send)

        await self._app(scope, receive, compare)


def _may_be_kept(start: Message) -> bool:
    return start["status"] == 200 and "Cache-Control" in Headers(raw=start["headers"])  # noqa: PLR2004 (an HTTP status)


async def _send_what_is_needed(start: Message, body: bytes, if_none_match: str | None, send: Send) -> None:
    headers = MutableHeaders(raw=start["headers"])
    tag = headers.setdefault("ETag", _tag(body))
    headers.add_vary_header("Authorization")  # what one may read, another may not
    if if_none_match is not None and _names(if_none_match, tag):
        start["status"], body = 304, b""
        del headers["Content-Length"], headers["Content-Type"]
    await send(start)
    await send({"type": "http.response.body", "body": body})


def _tag(content: bytes) -> str:
    return f'W/"{sha256(content).hexdigest()[:32]}"'


def _names(if_none_match: str, tag: str) -> bool:
    """By weak comparison, as If-None-Match is defined."""
    tags = [each.strip().removeprefix("W/") for each in if_none_match.split(",")]
    return tags == ["*"] or tag.removeprefix("W/") in tags
