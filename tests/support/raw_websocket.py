"""A WebSocket client that sends what no library would: unfinished frames, and floods of tiny ones (RFC 6455)."""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

CONTINUATION: Final = 0x0
TEXT: Final = 0x1
PING: Final = 0x9
_FINAL: Final = 0x80
_MASKED: Final = 0x80
_LENGTH_FOLLOWS: Final = 127
_NO_MASK: Final = bytes(4)
"""Masking with zeros changes nothing."""


def header(opcode: int, length: int, *, is_final: bool = True) -> bytes:
    """What comes before a frame's payload, which need not follow."""
    first = opcode | (_FINAL if is_final else 0)
    if length < 126:  # section 5.2: the length stands in the second byte itself
        return bytes([first, _MASKED | length]) + _NO_MASK
    return struct.pack("!BBQ", first, _MASKED | _LENGTH_FOLLOWS, length) + _NO_MASK


@dataclass(frozen=True, slots=True)
class RawWebSocket:
    """What the server sends is not read."""

    writer: asyncio.StreamWriter
    reader: asyncio.StreamReader

    async def send(self, data: bytes) -> None:
        """Send as much as the server takes."""
        with suppress(ConnectionError):
            self.writer.write(data)
            await self.writer.drain()


@asynccontextmanager
async def raw_websocket(address: str, subprotocols: str) -> AsyncIterator[RawWebSocket]:
    """A connection after the handshake."""
    url = urlsplit(address)
    reader, writer = await asyncio.open_connection(url.hostname, url.port, limit=16_384)
    writer.write(
        f"GET {url.path} HTTP/1.1\r\nHost: {url.netloc}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
        f"Sec-WebSocket-Protocol: {subprotocols}\r\n\r\n".encode()
    )
    assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 101 ")
    try:
        yield RawWebSocket(writer, reader)
    finally:
        writer.transport.abort()
