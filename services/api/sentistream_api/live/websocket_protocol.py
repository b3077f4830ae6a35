"""uvicorn's WebSocket, for many clients that get the same frames, have nothing to say, and do not always read."""

from asyncio import Transport
from functools import lru_cache
from typing import Any

from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame, Opcode
from websockets.protocol import State


class WebSocketProtocol(WebSocketsSansIOProtocol):
    """Packs a text once for all clients it goes to, and keeps little of a client in memory, whatever it does.

    uvicorn would wait without end until what was sent to a client is read, and keep that, an answer to each of its
    pings, and its messages, also those that never end.
    """

    _owed_pong = b""

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

    def handle_text(self, event: Frame) -> None:
        """Drops what a client says; a frame or message over `ws_max_size` has closed the connection before."""

    handle_bytes = handle_text
    handle_cont = handle_text

    def handle_ping(self) -> None:
        """Answers; while the client does not read, only the last ping counts (RFC 6455, section 5.5.3)."""
        pongs = self.conn.data_to_send()
        if self.writable.is_set():
            self.transport.write(b"".join(pongs))
        elif pongs:
            self._owed_pong = pongs[-1]

    def resume_writing(self) -> None:
        super().resume_writing()
        self.transport.write(self._owed_pong)
        self._owed_pong = b""

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
