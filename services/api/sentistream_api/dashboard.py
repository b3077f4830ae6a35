"""Serves the built dashboard when everything runs on one machine; on Kubernetes nginx serves it."""

from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocketClose


class Dashboard(StaticFiles):
    """Serves the files of the build, and index.html for any other path, so that links into the app can be shared."""

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder, html=True)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":  # to a path without a route
            await WebSocketClose()(scope, receive, send)
            return
        await super().__call__(scope, receive, send)

    async def get_response(self, path: str, scope: Scope) -> Response:
        if path.startswith(("api/", "ws/")):
            raise HTTPException(404, f"There is no /{path}.")
        try:
            response = await super().get_response(path, scope)
        except HTTPException as error:
            if error.status_code != 404 or path.startswith("assets/"):  # noqa: PLR2004 (an HTTP status)
                raise
            path = "index.html"
            response = await super().get_response(path, scope)
        # Names under assets/ contain a hash of the content; other files may change with the next version.
        is_hashed = path.startswith("assets/")
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if is_hashed else "no-cache"
        return response
