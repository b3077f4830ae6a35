"""An HTTP/1.1 server that sends exactly the bytes that a test wants, also those that no proper server would send."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

from sentistream_core.background import end_tasks
from sentistream_local.ports import HOST


@dataclass(frozen=True, slots=True)
class Asked:
    """A request without a body."""

    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    """Names in lower case."""


Answer = Callable[[Asked, asyncio.StreamWriter], Awaitable[None]]


def head(status: int, headers: Mapping[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode()


def whole(status: int, headers: Mapping[str, str], body: bytes = b"") -> bytes:
    """A complete answer, after which the connection is closed."""
    return head(status, {"Content-Length": str(len(body)), "Connection": "close", **headers}) + body


@asynccontextmanager
async def raw_http(answer: Answer) -> AsyncIterator[int]:
    """Serves until the block ends; its port. Connections that are open then are cut."""
    serving: set[asyncio.Task[Any]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving.add(task := cast("asyncio.Task[Any]", asyncio.current_task()))
        task.add_done_callback(serving.discard)
        try:
            request = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            target = urlsplit(request[0].split(" ")[1])
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in request[1:])}
            await answer(Asked(target.path, parse_qs(target.query), headers), writer)
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass  # the client has left
        except asyncio.CancelledError:
            writer.transport.abort()
        finally:
            writer.close()

    server = await asyncio.start_server(serve, HOST, 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await end_tasks(list(serving))
