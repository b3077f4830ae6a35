"""HEAD for every path that has GET (RFC 9110, section 9.3.2)."""

from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

_IS_HEAD: Final = "sentistream.is_head"


def is_head(scope: Scope) -> bool:
    """Whether only the head of the answer is wanted; for routes whose bodies have no bound."""
    return _IS_HEAD in scope


class HeadAsGet:
    """Passes HEAD to the app as GET. The server knows the original method and sends only the head of the answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "HEAD":
            scope = {**scope, "method": "GET", _IS_HEAD: True}
        await self._app(scope, receive, send)
