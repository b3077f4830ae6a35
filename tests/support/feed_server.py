"""Feeds on this machine, with the faults of real ones: a feed for each path, changed by the test."""

import asyncio
import gzip
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from json import dumps
from typing import Any

from sentistream_local.ports import HOST
from support.raw_http import Asked, head, raw_http, whole


@dataclass
class FakeFeeds:
    port: int = 0
    bodies: dict[str, bytes] = field(default_factory=dict)
    """By path; what is not here is not found."""
    headers: dict[str, str] = field(default_factory=dict)
    """Of every answer."""
    plan: deque[bytes | str | None] = field(default_factory=deque)
    """What the next requests get: these bytes, a fault by name ("cut", "silent"), or for None what is proper."""
    compresses: bool = False
    knows_validators: bool = True
    asked: list[Asked] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    """Of the answers by the server itself."""

    def url(self, path: str = "/feed.xml") -> str:
        return f"http://{HOST}:{self.port}{path}"

    async def answer(self, asked: Asked, writer: asyncio.StreamWriter) -> None:
        self.asked.append(asked)
        match self.plan.popleft() if self.plan else None:
            case None:
                writer.write(self._proper(asked))
            case "silent":
                await asyncio.sleep(3600)
            case "cut":
                writer.write(head(200, {"Content-Length": "100000"}) + b"<?xml ")
            case bytes(planned):
                writer.write(planned)

    def _proper(self, asked: Asked) -> bytes:
        body = self.bodies.get(asked.path)
        if body is None:
            self.statuses.append(404)
            return whole(404, {})
        etag = f'"{hash(body):x}"'
        if self.knows_validators and asked.headers.get("if-none-match") == etag:
            self.statuses.append(304)
            return whole(304, {"ETag": etag, **self.headers})
        self.statuses.append(200)
        validators = {"ETag": etag} if self.knows_validators else {}
        if self.compresses:
            return whole(200, {"Content-Encoding": "gzip", **validators, **self.headers}, gzip.compress(body))
        return whole(200, {**validators, **self.headers}, body)


@asynccontextmanager
async def feed_server() -> AsyncIterator[FakeFeeds]:
    server = FakeFeeds()
    async with raw_http(server.answer) as server.port:
        yield server


def rss(*items: str, channel: str = "") -> bytes:
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        f"><channel><title>The News</title><language>en-gb</language>{channel}{''.join(items)}</channel></rss>"
    ).encode()


def item(guid: str, text: str, *, title: str = "", published: datetime | None = None, more: str = "") -> str:
    date = format_datetime(published or datetime.now(UTC))
    return (
        f"<item><guid>{guid}</guid><title>{escape(title)}</title><description>{escape(text)}</description>"
        f"<link>/{guid}</link><pubDate>{date}</pubDate>{more}</item>"
    )


def atom(*entries: str) -> bytes:
    return (
        '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Notes</title>'
        f"<author><name>Ada</name></author>{''.join(entries)}</feed>"
    ).encode()


def json_feed(*items: dict[str, Any]) -> bytes:
    return dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Notes", "items": items}).encode()
