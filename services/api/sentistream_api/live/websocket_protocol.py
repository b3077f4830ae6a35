"""uvicorn's WebSocket, for many clients that get the same frames, some of which do not read."""

from asyncio import Transport
from functools import lru_cache
from typing import Any

from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame, Opcode
from websockets.protocol import State


class WebSocketProtocol(WebSocketsSansIOProtocol):
    """Packs a text once for all clients it goes to, and lets go of a client that does not read.

    uvicorn would wait without end until what was sent to such a client is read, and keep it in memory.
    """

    async def send(self, message: Any) -> None:  # noqa: ANN401 (uvicorn's own union of messages is private to it)
        if message["type"] == "websocket.send" and message.get("text") and self.conn.state is State.OPEN:
            await self._send_text(message["text"])
            return
        if message["type"] == "websocket.close":
            self.writable.set()  # the frame waits behind what the client has not read
            self._abort_soon()
        await super().send(message)

    async def _send_text(self, text: str) -> None:
        await self.writable.wait()
        if self.disconnected or self.conn.state is not State.OPEN:
            raise ClientDisconnected
        self.transport.write(_packed(text))

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        self._abort_soon()

    def _abort_soon(self) -> None:
        transport: Transport = self.transport
        self.loop.call_later(self.close_timeout, transport.abort)


@lru_cache(maxsize=16)
def _packed(text: str) -> bytes:
    """The frame as it goes over the wire: a server masks nothing, so that it is the same for every client."""
    return Frame(Opcode.TEXT, text.encode()).serialize(mask=False)
