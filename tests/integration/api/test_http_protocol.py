"""Over real sockets: clients that send too much, too little, or nonsense."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route

from sentistream_api.http.protocol import MAX_HEAD_BYTES, http_protocol
from sentistream_local.pipeline import Pipeline
from sentistream_local.ports import HOST, free_port
from support.waiting import eventually

SOON = 0.5
"""Seconds that a request of these tests may take to arrive."""
GET = b"GET / HTTP/1.1\r\nHost: api\r\n"
POST = b"POST / HTTP/1.1\r\nHost: api\r\n"


async def _length_of_body(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


async def _slow(_: Request) -> StreamingResponse:
    async def parts() -> AsyncIterator[bytes]:
        for _ in range(4):
            await asyncio.sleep(SOON / 2)
            yield b"part"

    return StreamingResponse(parts())


@pytest.fixture
async def port() -> AsyncIterator[int]:
    """Of a server that tells how long a request's body is."""
    app = Starlette(routes=[Route("/", _length_of_body, methods=["GET", "POST"]), Route("/slow", _slow)])
    port = free_port()
    config = uvicorn.Config(app, host=HOST, port=port, log_config=None, lifespan="off", http=http_protocol(SOON))
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server._serve())  # without its handling of signals, which are the test's
    await eventually(lambda: server.started, bool)
    yield port
    server.should_exit = True
    await serving


@dataclass(frozen=True)
class Connection:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def answer(self) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of the next answer; 0 if the connection ended instead."""
        head = await self.reader.readuntil(b"\r\n\r\n") if not await self._is_over() else b""
        if not head:
            return 0, {}, b""
        status, *lines = head.decode().strip().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        return int(status.split()[1]), headers, await self.reader.readexactly(int(headers["content-length"]))

    async def _is_over(self) -> bool:
        return not self.reader._buffer and not await self._peek()  # type: ignore[attr-defined]

    async def _peek(self) -> bytes:
        byte = await self.reader.read(1)
        self.reader._buffer[:0] = byte  # type: ignore[attr-defined]
        return byte

    async def is_closed(self) -> bool:
        """Whether the server ends the connection without another word."""
        return await self.reader.read() == b""


@asynccontextmanager
async def connect(port: int) -> AsyncIterator[Connection]:
    reader, writer = await asyncio.open_connection(HOST, port)
    try:
        async with asyncio.timeout(60):
            yield Connection(reader, writer)
    finally:
        writer.close()
