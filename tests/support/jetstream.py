"""A Jetstream server of both protocols, which knows what it sent and has the faults of real ones."""

import asyncio
import json
from bisect import bisect_left
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from random import Random
from time import time_ns
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import zstandard
from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from sentistream_local.ports import HOST
from support.jetstream_events import DID, POSTS, Sent, rfc3339, tid

_NUMBERS_END: Final = 10**15
"""From here on a cursor of v2 is a time."""


@dataclass(slots=True)
class Behaviour:
    """What the next connection does. Without any it sends what it has, and then what comes."""

    first: tuple[str | bytes, ...] = ()
    """Frames before the first event."""
    older: int = 0
    """Begin so many events earlier than was asked for."""
    swap: bool = False
    """Exchange the first two events."""
    after: int | None = None
    """Do the following after so many events."""
    then: str = "cut"
    """cut, half_frame, silent, or the code to close with; a name is an error frame, after which it closes."""


@dataclass
class FakeJetstream:
    """Set its attributes to change what it does."""

    port: int = 0
    events: list[Sent] = field(default_factory=list)
    floor: int = 0
    """Events with a smaller seq are not kept any more."""
    plan: deque[Behaviour] = field(default_factory=deque)
    """For the next connections."""
    refusals: deque[tuple[int, str]] = field(default_factory=deque)
    """HTTP status and error of the next requests for a connection."""
    rate: float = 0.0
    """Events a second of a connection; 0 is as fast as they are read."""
    compresses: bool = True
    dictionary_served: bytes | None = None
    """A wrong one, where it is set."""
    asked: list[dict[str, list[str]]] = field(default_factory=list)
    """The query of each connection."""
    pushed: int = 0
    """Events that all connections together were sent."""
    connections: set[ServerConnection] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._dictionary = _dictionary(1)

    @property
    def url(self) -> str:
        return f"ws://{HOST}:{self.port}"

    @property
    def cursors(self) -> list[int | None]:
        """What each connection asked for."""
        return [int(query["cursor"][0]) if "cursor" in query else None for query in self.asked]

    # What happens on the network

    def commit(self, operation: str, *, did: str = DID, rkey: str | None = None, **fields: Any) -> str:  # noqa: ANN401
        """A change of a post; its at-uri. `text` makes a record, as does `record`."""
        now = self._now()
        rkey = rkey or tid(now)
        record = fields.pop("record", None)
        if record is None and "text" in fields:
            record = {"$type": POSTS, "createdAt": rfc3339(now), "langs": ["en"], "text": fields.pop("text")}
        body = {"rev": tid(now), "operation": operation, "collection": POSTS, "rkey": rkey, **fields}
        if record is not None:
            body |= {"record": record, "cid": "bafyrei"}
        self._add(now, "commit", did, body)
        return f"at://{did}/{body['collection']}/{rkey}"

    def post(self, text: str, **fields: Any) -> str:  # noqa: ANN401
        return self.commit("create", text=text, **fields)

    def account(self, *, did: str = DID, active: bool, status: str | None = None) -> None:
        self._add(self._now(), "account", did, {"active": active, **({"status": status} if status else {})})

    def renumber(self) -> None:
        """Count from 1 again, as another server does behind the same name."""
        for seq, event in enumerate(self.events, start=1):
            event.seq = seq

    def rotate_dictionary(self) -> None:
        self._dictionary = _dictionary(self._dictionary.dict_id() - 999)

    async def cut(self) -> None:
        """Break all connections, with no word."""
        for connection in list(self.connections):
            connection.transport.abort()

    def _now(self) -> int:
        now = time_ns() // 1000
        return max(now, self.events[-1].time_us + 1) if self.events else now

    def _add(self, time_us: int, kind: str, did: str, body: dict[str, Any]) -> None:
        seq = self.events[-1].seq + 1 if self.events else 1_000
        self.events.append(Sent(seq, time_us, kind, did, body))

    # What the server does

    def answer(self, connection: ServerConnection, request: Request) -> Response | None:
        """Before the upgrade; None lets it happen."""
        path, query = urlsplit(request.path).path, parse_qs(urlsplit(request.path).query)
        if path.endswith("getZstdDictionary"):
            if not self.compresses:
                return connection.respond(HTTPStatus.NOT_FOUND, "")
            body = self.dictionary_served or self._dictionary.as_bytes()
            return Response(200, "OK", Headers({"Content-Length": str(len(body))}), body)
        if path not in ("/subscribe", "/xrpc/network.bsky.jetstream.subscribeEvents"):
            return connection.respond(HTTPStatus.NOT_FOUND, "")
        self.asked.append(query)
        if self.refusals:
            return _error(*self.refusals.popleft())
        if path != "/subscribe":
            return self._refused_by_v2(query)
        return None

    def _refused_by_v2(self, query: Mapping[str, list[str]]) -> Response | None:
        if "wantedCollections" in query:
            return _error(400, "InvalidRequest")
        if "zstdDictionary" in query and int(query["zstdDictionary"][0]) != self._dictionary.dict_id():
            return _error(400, "UnknownZstdDictionary")
        cursor = int(query.get("cursor", ["-1"])[0])
        return _error(400, "CursorTooOld") if 0 <= cursor < min(self.floor, _NUMBERS_END) else None

    async def serve(self, connection: ServerConnection) -> None:
        assert connection.request is not None
        self.connections.add(connection)
        behaviour = self.plan.popleft() if self.plan else Behaviour()
        try:
            await self._send_all(connection, connection.request, behaviour)
        except ConnectionClosed:
            pass
        finally:
            self.connections.discard(connection)

    async def _send_all(self, connection: ServerConnection, request: Request, behaviour: Behaviour) -> None:
        is_v1 = urlsplit(request.path).path == "/subscribe"
        query = parse_qs(urlsplit(request.path).query)
        compressor = (
            zstandard.ZstdCompressor(dict_data=self._dictionary) if "zstdDictionary" in query and not is_v1 else None
        )
        for frame in behaviour.first:
            await connection.send(frame)
        index, is_clamped = self._begin(query, is_v1=is_v1)
        if is_clamped:
            info = {
                "$type": "network.bsky.jetstream.subscribeEvents#info",
                "name": "OutdatedCursor",
                "message": "older",
            }
            await connection.send(json.dumps({"$type": "message", "payload": info}))
        index = max(0, index - behaviour.older)
        first = index
        loop = asyncio.get_running_loop()
        began = loop.time()
        while True:
            if behaviour.after is not None and index - first >= behaviour.after:
                return await self._misbehave(connection, behaviour.then)
            if index >= len(self.events):
                if connection.state.name != "OPEN":
                    return None
                await asyncio.sleep(0.005)
                continue
            turn = {first: first + 1, first + 1: first}.get(index, index) if behaviour.swap else index
            event = self.events[turn if turn < len(self.events) else index]
            text = event.v1() if is_v1 else event.v2()
            await connection.send(compressor.compress(text.encode()) if compressor else text)
            self.pushed += 1
            index += 1
            if self.rate and index % 50 == 0:
                await asyncio.sleep(max(0.0, began + (index - first) / self.rate - loop.time()))

    def _begin(self, query: Mapping[str, list[str]], *, is_v1: bool) -> tuple[int, bool]:
        """Index of the first event, and whether it is later than was asked for."""
        if "cursor" not in query:
            return len(self.events), False
        cursor = int(query["cursor"][0])
        by_time = is_v1 or cursor >= _NUMBERS_END
        last = self.events[-1] if self.events else None
        if last is None or cursor > (last.time_us if by_time else last.seq):
            return len(self.events), False
        asked = bisect_left(self.events, cursor, key=lambda event: event.time_us if by_time else event.seq)
        kept = bisect_left(self.events, self.floor, key=lambda event: event.seq)
        return max(asked, kept), kept > asked and not is_v1

    async def _misbehave(self, connection: ServerConnection, how: str) -> None:
        match how:
            case "cut":
                connection.transport.abort()
            case "half_frame":
                connection.transport.write(b"\x81\x7e\x10\x00" + b'{"$type"')
                await asyncio.sleep(0.05)
                connection.transport.abort()
            case "silent":
                await connection.wait_closed()
            case code if code.isdigit():
                await connection.close(int(code), "server shutting down")
            case name:
                await connection.send(json.dumps({"$type": "error", "error": name, "message": "reconnect"}))
                await connection.close()


@asynccontextmanager
async def jetstream(**fields: Any) -> AsyncIterator[FakeJetstream]:  # noqa: ANN401
    server = FakeJetstream(**fields)
    async with serve(
        server.serve,
        HOST,
        0,
        process_request=server.answer,
        compression=None,
        ping_interval=30,
        ping_timeout=None,
        close_timeout=0.2,
        max_size=1_000,
    ) as listening:
        server.port = next(iter(listening.sockets)).getsockname()[1]
        yield server
        with suppress(ConnectionClosed):
            await server.cut()


def _error(status: int, name: str) -> Response:
    body = json.dumps({"error": name, "message": "as asked by the test"}).encode()
    return Response(status, HTTPStatus(status).phrase, Headers({"Content-Length": str(len(body))}), body)


def _dictionary(number: int) -> zstandard.ZstdCompressionDict:
    random = Random(number)
    samples: list[bytes | bytearray | memoryview] = [
        Sent(
            random.randrange(10**9),
            10**15 + random.randrange(10**14),
            "commit",
            DID,
            {"rkey": tid(random.randrange(2**53))},
        )
        .v2()
        .encode()
        for _ in range(400)
    ]
    return zstandard.train_dictionary(2_000, samples, dict_id=1_000 + number)
