"""uvicorn's WebSocket, which lets go of a client that does not read."""

from asyncio import Transport
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol


class WebSocketProtocol(WebSocketsSansIOProtocol):
    """uvicorn would wait without end until what was sent to such a client is read, and keep it in memory."""

    async def send(self, message: Any) -> None:  # noqa: ANN401 (uvicorn's own union of messages is private to it)
        if message["type"] == "websocket.close":
            self.writable.set()  # the frame waits behind what the client has not read
            self._abort_soon()
        await super().send(message)

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        self._abort_soon()

    def _abort_soon(self) -> None:
        transport: Transport = self.transport
        self.loop.call_later(self.close_timeout, transport.abort)
