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
from uvicorn.server import ServerState

from sentistream_api.http.protocol import MAX_HEAD_BYTES, http_protocol
from sentistream_local.pipeline import LocalPipeline
from sentistream_local.ports import HOST, free_port

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
    config, state, protocol = uvicorn.Config(app, log_config=None, lifespan="off"), ServerState(), http_protocol(SOON)
    server = await asyncio.get_running_loop().create_server(lambda: protocol(config, state, {}), HOST, 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


@dataclass(frozen=True)
class Connection:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def answer(self) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of the next answer, whose length is told."""
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode()
        status, *lines = head.strip().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        return int(status.split()[1]), headers, await self.reader.readexactly(int(headers["content-length"]))

    async def refusal(self) -> int:
        """Status of a problem document that ends the connection."""
        status, headers, body = await self.answer()
        assert headers["content-type"] == "application/problem+json"
        assert headers["connection"] == "close"
        assert json.loads(body)["status"] == status
        assert json.loads(body)["detail"]
        assert await self.rest() == b""
        return status

    async def rest(self) -> bytes:
        """What comes until the server ends the connection."""
        return await self.reader.read()


@asynccontextmanager
async def connect(port: int) -> AsyncIterator[Connection]:
    reader, writer = await asyncio.open_connection(HOST, port)
    try:
        async with asyncio.timeout(60):
            yield Connection(reader, writer)
    finally:
        writer.close()


async def test_a_usual_request_is_answered_and_the_next_one_too(port: int) -> None:
    async with connect(port) as connection:
        for body in (b"", b"x" * 300_000):
            connection.writer.write(POST + b"Content-Length: %d\r\n\r\n" % len(body) + body)
            status, _, length = await connection.answer()
            assert (status, int(length)) == (200, len(body))


async def test_a_large_head_that_is_not_too_large_is_taken(port: int) -> None:
    async with connect(port) as connection:
        connection.writer.write(GET + b"Cookie: " + b"x" * (MAX_HEAD_BYTES - 200) + b"\r\n\r\n")
        assert (await connection.answer())[0] == 200


@pytest.mark.parametrize(
    "request_bytes",
    [
        GET + b"Cookie: " + b"x" * MAX_HEAD_BYTES + b"\r\n\r\n",
        GET + b"Cookie: " + b"x" * 1_000_000,
        GET + b"x" * 1_000_000,
        GET + b"".join(b"Header-%d: x\r\n" % number for number in range(20_000)) + b"\r\n",
        b"GET /?" + b"x" * MAX_HEAD_BYTES + b" HTTP/1.1\r\n\r\n",
        b"GET /?" + b"x" * 1_000_000,
        POST + b"Transfer-Encoding: chunked\r\n\r\n1;" + b"x" * 1_000_000,
        POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nTrailer: " + b"x" * 1_000_000,
    ],
    ids=[
        "one header",
        "a header without end",
        "a name without end",
        "many headers",
        "address",
        "an address without end",
        "chunk extension",
        "trailer",
    ],
)
async def test_what_would_be_kept_without_end_is_refused(port: int, request_bytes: bytes) -> None:
    async with connect(port) as connection:
        connection.writer.write(request_bytes)
        assert await connection.refusal() == 431


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"G",
        GET,
        GET + b"Cookie: x",
        POST + b"Content-Length: 10\r\n\r\n12345",
        POST + b"Transfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n",
        GET + b"\r\n" + GET,
    ],
    ids=["a letter", "no end of the head", "half a header", "half a body", "no last chunk", "half a second request"],
)
async def test_a_request_that_does_not_arrive_is_ended(port: int, request_bytes: bytes) -> None:
    async with connect(port) as connection:
        connection.writer.write(request_bytes)
        if request_bytes.count(GET) == 2:
            assert (await connection.answer())[0] == 200
        assert await connection.refusal() == 408


async def test_a_request_that_trickles_is_ended(port: int) -> None:
    async with connect(port) as connection:
        refusal = asyncio.create_task(connection.refusal())
        connection.writer.write(GET)
        while not refusal.done():
            connection.writer.write(b"X: x\r\n")
            await asyncio.sleep(SOON / 10)
        assert await refusal == 408


@pytest.mark.parametrize("sent", [b"", b"\r\n"])
async def test_a_connection_without_a_request_is_ended_without_a_word(port: int, sent: bytes) -> None:
    async with connect(port) as connection:
        connection.writer.write(sent)
        assert await connection.rest() == b""


async def test_an_answer_may_take_longer_than_its_request(port: int) -> None:
    async with connect(port) as connection:
        connection.writer.write(b"GET /slow HTTP/1.1\r\nHost: api\r\n\r\n" + GET)
        assert (await connection.rest()).count(b"part") == 4


@pytest.mark.parametrize("sent", [b"nonsense\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00"])
async def test_what_is_no_http_is_a_400(port: int, sent: bytes) -> None:
    async with connect(port) as connection:
        connection.writer.write(sent)
        assert await connection.refusal() == 400


async def test_the_api_speaks_it(pipeline: LocalPipeline) -> None:
    port = free_port()
    pipeline.start_api("api", port, {"API_REQUEST_TIMEOUT_SECONDS": "1"})
    async with connect(port) as connection:
        connection.writer.write(GET + b"Cookie: " + b"x" * 1_000_000)
        assert await connection.refusal() == 431
    async with connect(port) as connection:
        connection.writer.write(GET)
        assert await connection.refusal() == 408
