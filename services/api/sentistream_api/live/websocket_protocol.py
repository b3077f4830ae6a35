"""uvicorn's WebSocket protocol for many clients with the same frames: their messages are ignored, some do not read."""

from asyncio import Transport
from functools import lru_cache
from typing import Any

from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame, Opcode
from websockets.protocol import State


class WebSocketProtocol(WebSocketsSansIOProtocol):
    """Serialises a text once for all its clients, and limits the memory for each client.

    uvicorn itself would wait without a time limit until a client reads, and would buffer the unread data, an answer to
    each ping, and the client's messages, including unfinished ones.
    """

    _owed_pong = b""

    async def send(self, message: Any) -> None:  # noqa: ANN401 (uvicorn's own union of messages is private to it)
        if message["type"] == "websocket.send" and message.get("text") and self.conn.state is State.OPEN:
            await self._send_text(message["text"])
            return
        if message["type"] == "websocket.close":
            self.writable.set()  # the close frame is queued behind the unread data
            self._abort_soon()
        await super().send(message)

    async def _send_text(self, text: str) -> None:
        await self.writable.wait()
        if self.disconnected or self.conn.state is not State.OPEN:
            raise ClientDisconnected
        self.transport.write(_packed(text))

    def handle_text(self, event: Frame) -> None:
        """Ignore a client's message. A frame or message over `ws_max_size` has already closed the connection."""

    handle_bytes = handle_text
    handle_cont = handle_text

    def handle_ping(self) -> None:
        """Answer pings; while the client does not read, only the last one (RFC 6455, section 5.5.3)."""
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
    """The serialised frame. A server does not mask frames, so it is the same for every client."""
    return Frame(Opcode.TEXT, text.encode()).serialize(mask=False)
