"""Protection against cross-site request forgery.

A browser lets any page send some requests to any server, from the visitor's address and network. If no tokens are
required, such a request would be accepted.
"""

from collections.abc import Collection
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from sentistream_api.access.origin import ForeignOriginError, is_allowed_origin

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
"""They change nothing (RFC 9110, section 9.2.1), and a browser does not let the page read the answers."""


class ForeignPages:
    """Answers 403 to requests with an unsafe method from pages whose origin is not allowed."""

    def __init__(self, app: ASGIApp, *, allowed: Collection[str]) -> None:
        self._app = app
        self._allowed = allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in SAFE_METHODS:
            headers = Headers(scope=scope)
            if not self._may_change(headers):
                await ForeignOriginError(headers.get("Origin")).response()(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _may_change(self, headers: Headers) -> bool:
        """Decide by headers that browsers set and no page can change: Sec-Fetch-Site; over plain HTTP only Origin."""
        site, origin = headers.get("Sec-Fetch-Site"), headers.get("Origin")
        if site is None:
            return is_allowed_origin(origin, headers.get("Host"), self._allowed)
        # The browser compared the origins itself, with the host that it requested. A proxy may have changed Host.
        return site in {"same-origin", "none"} or is_allowed_origin(origin or "", None, self._allowed)
