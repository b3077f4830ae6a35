"""One Mastodon instance: its API and its streams (docs.joinmastodon.org/methods/streaming)."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import httpx

from sentistream_core.dependency import describe_error
from sentistream_ingester.reconnection import ConnectionLostError
from sentistream_ingester.source import UnusableSourceError
from sentistream_ingester.sources.mastodon.server_sent_events import (
    Comment,
    EventDecoder,
    EventTooLongError,
    ServerSentEvent,
)
from sentistream_ingester.sources.mastodon.timeline import Timeline

PAGE: Final = 40
"""Most statuses of a page."""
_TIMEOUT_SECONDS: Final = 20.0
_ALIVE_SECONDS: Final = 45.0
"""The server says something every 15 seconds."""
_MOST_BYTES: Final = 8_000_000
"""Of an answer; a page has some hundreds of thousands."""
_LONGEST_WAIT_SECONDS: Final = 900.0
_NEVER: Final = (400, 401, 403, 404, 410, 422)
_TOO_MANY: Final = 429


class Instance:
    def __init__(self, url: str, token_file: Path | None) -> None:
        """`url` is http or https, and a host."""
        self.url = url.rstrip("/")
        self._token_file = token_file

    @asynccontextmanager
    async def opened(self) -> AsyncGenerator[None]:
        """All else is to be used inside of this block."""
        async with httpx.AsyncClient(
            timeout=_TIMEOUT_SECONDS, headers={"User-Agent": "sentistream-ingester"}
        ) as self._client:
            yield

    async def about(self) -> tuple[str, str]:
        """Its domain, which names of its own users end in, and the address of its streams.

        Raises:
            ConnectionLostError, UnusableSourceError: it does not say.
        """
        told = await self._get("/api/v2/instance", {})
        domain = told.get("domain") if isinstance(told, dict) else None
        try:
            streams = str(told["configuration"]["urls"]["streaming"])
        except (KeyError, TypeError):
            streams = self.url
        return str(domain or httpx.URL(self.url).host), streams.rstrip("/").replace("ws", "http", 1)

    async def page(self, timeline: Timeline, min_id: str) -> list[Any]:
        """The oldest statuses after an id, newest first.

        Raises:
            ConnectionLostError, UnusableSourceError: it does not give them.
        """
        query = {**timeline.past_query, "min_id": min_id, "limit": str(PAGE)}
        statuses = await self._get(f"/api/v1/timelines{timeline.past_path}", query)
        if not isinstance(statuses, list):
            raise ConnectionLostError("malformed_page", "a page of statuses is no array")
        return statuses

    @asynccontextmanager
    async def stream(
        self, address: str, timeline: Timeline
    ) -> AsyncGenerator[AsyncIterator[ServerSentEvent | Comment]]:
        """What the instance sends from now on, at `address`.

        Raises:
            ConnectionLostError, UnusableSourceError: it does not begin, or has ended.
        """
        url = f"{address}/api/v1/streaming{timeline.stream_path}"
        timeout = httpx.Timeout(_TIMEOUT_SECONDS, read=_ALIVE_SECONDS)
        headers = {**self._authorization(), "Accept": "text/event-stream", "Accept-Encoding": "identity"}
        try:
            async with self._client.stream(
                "GET", url, params=timeline.stream_query, headers=headers, timeout=timeout
            ) as response:
                await _check(response)
                yield _events(response)
        except httpx.ReadTimeout as error:
            raise ConnectionLostError("silent", f"nothing came for {_ALIVE_SECONDS:g} s") from error
        except httpx.HTTPError as error:
            raise ConnectionLostError("cut", describe_error(error)) from error

    async def _get(self, path: str, query: Mapping[str, str]) -> Any:  # noqa: ANN401 (whatever JSON holds)
        try:
            async with self._client.stream(
                "GET", f"{self.url}{path}", params=query, headers=self._authorization()
            ) as response:
                await _check(response)
                body = bytearray()
                async for part in response.aiter_bytes():
                    body += part
                    if len(body) > _MOST_BYTES:
                        raise ConnectionLostError("malformed_page", f"more than {_MOST_BYTES:,} bytes")
                return httpx.Response(200, content=bytes(body)).json()
        except httpx.HTTPError as error:
            raise ConnectionLostError("unreachable", describe_error(error)) from error
        except (ValueError, RecursionError) as error:
            raise ConnectionLostError("malformed_page", f"{path} is not JSON: {error}") from error

    def _authorization(self) -> Mapping[str, str]:
        if self._token_file is None:
            return {}
        try:
            return {"Authorization": f"Bearer {self._token_file.read_text().strip()}"}
        except OSError as error:
            raise UnusableSourceError(f"{self._token_file}: {error.strerror}") from error


async def _events(response: httpx.Response) -> AsyncIterator[ServerSentEvent | Comment]:
    decoder = EventDecoder()
    async for chunk in response.aiter_raw():
        try:
            for event in decoder.feed(chunk):
                yield event
        except EventTooLongError as error:
            raise ConnectionLostError("frame_too_long", "an event is longer than is taken") from error
    raise ConnectionLostError("closed", "the stream ended")


async def _check(response: httpx.Response) -> None:
    """Raises what an answer other than 200 means."""
    status, url = response.status_code, response.request.url
    if status == httpx.codes.OK:
        return
    where = f"{url.host}{url.path}: HTTP {status}"
    if status == _TOO_MANY:
        # Before anything else is asked, and longer than other tries wait.
        await asyncio.sleep(_seconds_until_reset(response.headers.get("X-RateLimit-Reset", "")))
        raise ConnectionLostError("too_many_requests", where)
    if status in _NEVER:
        hint = ". Streams need the token of a user of this instance: --token-file" if status in (401, 403) else ""
        raise UnusableSourceError(f"{where}{hint}")
    raise ConnectionLostError("refused", where)


def _seconds_until_reset(value: str) -> float:
    try:
        reset = datetime.fromisoformat(value)
    except ValueError:
        return 0.0
    seconds = (reset.replace(tzinfo=reset.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
    return min(max(0.0, seconds), _LONGEST_WAIT_SECONDS)
