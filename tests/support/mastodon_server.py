"""A Mastodon instance on this machine, with the faults of real ones."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sentistream_local.ports import HOST
from support.raw_http import Asked, head, raw_http, whole

TOKEN = "token-of-the-tests"  # noqa: S105 (of no other server)


@dataclass
class FakeMastodon:
    domain: str = "mastodon.example"
    port: int = 0
    statuses: list[dict[str, Any]] = field(default_factory=list)
    """What the timelines have, oldest first."""
    line_end: str = "\n"
    chunk: int = 0
    """Send so many bytes at a time; 0 is all at once."""
    plan: deque[bytes | str] = field(default_factory=deque)
    """What the next streams get instead: these bytes, or a fault by name: "silent", "ends", "one"."""
    asked: list[Asked] = field(default_factory=list)
    streams: "set[asyncio.Queue[bytes | None]]" = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def asked_for(self, path: str) -> list[Asked]:
        return [each for each in self.asked if each.path == path]

    def status(self, content: str, *, number: int | None = None, uri: str = "", **fields: Any) -> dict[str, Any]:  # noqa: ANN401
        """As the API gives it; ids count milliseconds, as Mastodon's do."""
        now = datetime.now(UTC)
        status_id = (int(now.timestamp() * 1000) << 16) + len(self.statuses) if number is None else number
        return {
            "id": str(status_id),
            "uri": uri or f"https://{self.domain}/users/ada/statuses/{status_id}",
            "url": f"https://{self.domain}/@ada/{status_id}",
            "created_at": now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "edited_at": None,
            "content": content,
            "language": "en",
            "spoiler_text": "",
            "visibility": "public",
            "account": {"acct": "ada"},
            "reblog": None,
            **fields,
        }

    def post(self, content: str, **fields: Any) -> dict[str, Any]:  # noqa: ANN401
        """Publish a status: on the timelines and to all streams."""
        status = self.status(content, **fields)
        self.statuses.append(status)
        self.send("update", json.dumps(status, ensure_ascii=False))
        return status

    def send(self, event: str, data: str) -> None:
        self.send_raw(f"event: {event}\ndata: {data}\n\n")

    def send_raw(self, text: str) -> None:
        for stream in self.streams:
            stream.put_nowait(text.replace("\n", self.line_end).encode())

    def cut(self) -> None:
        """End all streams."""
        for stream in self.streams:
            stream.put_nowait(None)

    async def answer(self, asked: Asked, writer: asyncio.StreamWriter) -> None:
        self.asked.append(asked)
        if asked.path == "/api/v2/instance":
            about = {"domain": self.domain, "configuration": {"urls": {"streaming": self.url.replace("http", "ws")}}}
            writer.write(whole(200, {}, json.dumps(about).encode()))
        elif asked.headers.get("authorization") != f"Bearer {TOKEN}":
            writer.write(whole(401, {}, b'{"error":"Missing access token"}'))
        elif asked.path.startswith("/api/v1/streaming"):
            await self._stream(writer)
        elif asked.path.startswith("/api/v1/timelines"):
            writer.write(whole(200, {}, json.dumps(self._page(asked)).encode()))
        else:
            writer.write(whole(404, {}))

    def _page(self, asked: Asked) -> list[dict[str, Any]]:
        after = int(asked.query["min_id"][0])
        found = sorted((each for each in self.statuses if int(each["id"]) > after), key=lambda each: int(each["id"]))
        return found[: int(asked.query["limit"][0])][::-1]

    async def _stream(self, writer: asyncio.StreamWriter) -> None:
        match self.plan.popleft() if self.plan else None:
            case bytes(planned):
                writer.write(planned)
                return
            case "silent":
                writer.write(head(200, {"Content-Type": "text/event-stream"}) + b":)\n")
                await asyncio.sleep(3600)
        queue: asyncio.Queue[bytes | None] = asyncio.Queue()
        self.streams.add(queue)
        try:
            writer.write(head(200, {"Content-Type": "text/event-stream"}) + b":)\n:thump\n")
            while (sent := await queue.get()) is not None:
                for start in range(0, len(sent), self.chunk or len(sent)):
                    writer.write(sent[start : start + (self.chunk or len(sent))])
                    await writer.drain()
                    await asyncio.sleep(0)
        finally:
            self.streams.discard(queue)


@asynccontextmanager
async def mastodon_server(domain: str = "mastodon.example") -> AsyncIterator[FakeMastodon]:
    server = FakeMastodon(domain)
    async with raw_http(server.answer) as server.port:
        yield server
