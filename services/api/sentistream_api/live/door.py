"""Admission to the WebSocket: the same rules as for a route that reads, and only from pages of allowed origins."""

from collections.abc import Sequence

from starlette.websockets import WebSocket

from sentistream_api.access.caller import Caller, Rate, Scope
from sentistream_api.access.gate import Gate
from sentistream_api.access.origin import ForeignOriginError, is_allowed_origin
from sentistream_api.live.protocol import TOKEN_SUBPROTOCOL
from sentistream_api.live.settings import LiveSettings


class Door:
    def __init__(self, gate: Gate, settings: LiveSettings) -> None:
        self._gate = gate
        self._origins = settings.live_origins
        self.max_clients = settings.live_max_clients

    async def admit(self, websocket: WebSocket, offered: Sequence[str]) -> Caller:
        """Admit a client; its token is among the subprotocols that it offered.

        Raises:
            ForeignOriginError, UnauthorisedError, ForbiddenError, TooManyRequestsError: it may not connect.
            KeysUnavailableError: its token cannot be checked now.
        """
        origin = websocket.headers.get("origin")
        if self._origins is not None and not is_allowed_origin(origin, websocket.headers.get("host"), self._origins):
            raise ForeignOriginError(origin)
        tokens = [each.removeprefix(TOKEN_SUBPROTOCOL) for each in offered if each.startswith(TOKEN_SUBPROTOCOL)]
        return await self._gate.admit(
            Scope.READ,
            Rate.REQUESTS,
            token=tokens[0] if tokens else None,
            peer=websocket.client.host if websocket.client else "unknown",
            forwarded_for=websocket.headers.getlist("x-forwarded-for"),
        )
