"""One polite request for a feed."""

import asyncio
import zlib
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from re import search
from typing import Final

import httpx

from sentistream_ingester.reconnection import ConnectionLostError
from sentistream_ingester.sources.feed.addresses import addresses_of

MOST_BYTES: Final = 4_000_000
_REDIRECTS: Final = 5
_STEP_SECONDS: Final = 20.0
_WHOLE_SECONDS: Final = 60.0
_ACCEPT: Final = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.1"
_MOVED_FOR_GOOD: Final = (301, 308)
_REDIRECTIONS: Final = (*_MOVED_FOR_GOOD, 302, 303, 307)
_REASONS: Final = {401: "forbidden", 403: "forbidden", 404: "not_found", 410: "gone", 429: "too_many_requests"}


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server wants to be sent back, so that it need not send what has not changed."""

    etag: str = ""
    modified: str = ""

    def headers(self) -> Mapping[str, str]:
        return {
            name: value for name, value in (("If-None-Match", self.etag), ("If-Modified-Since", self.modified)) if value
        }


@dataclass(frozen=True, slots=True)
class Answer:
    body: bytes | None
    """None: nothing has changed."""
    content_type: str
    url: str
    """Where it was found after all redirects."""
    moved_to: str | None
    """Where it is from now on, if the server says so."""
    validators: Validators
    fresh_seconds: float
    """For how long the server says that asking again is of no use; 0 if it does not."""


class FetchError(ConnectionLostError):
    """There was no feed this time."""

    def __init__(self, reason: str, detail: str, *, wait_seconds: float = 0.0) -> None:
        """`wait_seconds` is what the server asks for."""
        super().__init__(reason, detail)
        self.wait_seconds = wait_seconds


async def fetch(url: str, validators: Validators, *, allow_private: bool) -> Answer:
    """Ask for a feed, and follow up to five redirects.

    Raises:
        FetchError: the server does not give it.
        ConnectionLostError: there is no answer, or none within the bounds of size and time, or it may not be asked for.
    """
    try:
        async with asyncio.timeout(_WHOLE_SECONDS):
            return await _follow(httpx.URL(url), validators, allow_private=allow_private)
    except TimeoutError as error:
        raise ConnectionLostError("too_slow", f"not there after {_WHOLE_SECONDS:g} s") from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise ConnectionLostError("unreachable", f"{type(error).__name__}: {error}") from error


async def _follow(url: httpx.URL, validators: Validators, *, allow_private: bool) -> Answer:
    moved_to: str | None = None
    is_for_good = True
    for _ in range(_REDIRECTS + 1):
        async with _response(url, validators, allow_private=allow_private) as response:
            if response.status_code not in _REDIRECTIONS:
                return await _answer(response, str(url), moved_to, validators)
            is_for_good = is_for_good and response.status_code in _MOVED_FOR_GOOD
            url = url.join(response.headers.get("Location", ""))
            moved_to = str(url) if is_for_good else moved_to
    raise ConnectionLostError("redirects", f"more than {_REDIRECTS} redirects")


@asynccontextmanager
async def _response(
    url: httpx.URL, validators: Validators, *, allow_private: bool
) -> AsyncGenerator[httpx.Response, None]:
    """The head of the answer, from an address that was checked: the name is not looked up a second time."""
    if url.scheme not in ("http", "https") or not url.host:
        raise ConnectionLostError("redirects", f"{url.scheme}://{url.host} is no address of the web")
    port = url.port or (443 if url.scheme == "https" else 80)
    headers = {
        "Host": url.netloc.decode(),
        "User-Agent": "sentistream-ingester",
        "Accept": _ACCEPT,
        "Accept-Encoding": "gzip",
        **validators.headers(),
    }
    *others, last = await addresses_of(url.host, port, allow_private=allow_private)
    async with httpx.AsyncClient(timeout=_STEP_SECONDS) as client:
        for address in (*others, last):
            request = client.build_request(
                "GET", url.copy_with(host=address), headers=headers, extensions={"sni_hostname": url.host}
            )
            try:
                response = await client.send(request, stream=True)
            except httpx.ConnectError:
                if address == last:
                    raise
                continue
            try:
                yield response
            finally:
                await response.aclose()
            return


async def _answer(response: httpx.Response, url: str, moved_to: str | None, sent: Validators) -> Answer:
    status, headers = response.status_code, response.headers
    if status not in (httpx.codes.OK, httpx.codes.NOT_MODIFIED):
        reason = _REASONS.get(status, "server_error" if status >= httpx.codes.INTERNAL_SERVER_ERROR else "refused")
        raise FetchError(reason, f"HTTP {status}", wait_seconds=_retry_after(headers.get("Retry-After", "")))
    is_new = status == httpx.codes.OK
    return Answer(
        body=await _body(response) if is_new else None,
        content_type=headers.get("Content-Type", ""),
        url=url,
        moved_to=moved_to,
        validators=Validators(headers.get("ETag", ""), headers.get("Last-Modified", "")) if is_new else sent,
        fresh_seconds=_max_age(headers.get("Cache-Control", "")),
    )


async def _body(response: httpx.Response) -> bytes:
    """All of it, decompressed. Neither the network nor a few bytes that stand for many can make it larger."""
    is_compressed = response.headers.get("Content-Encoding", "identity").lower() in ("gzip", "x-gzip")
    decompressor = zlib.decompressobj(16 + zlib.MAX_WBITS) if is_compressed else None
    body = bytearray()
    async for part in response.aiter_raw():
        try:
            body += decompressor.decompress(part, MOST_BYTES + 1 - len(body)) if decompressor else part
        except zlib.error as error:
            raise ConnectionLostError("undecodable", str(error)) from error
        if len(body) > MOST_BYTES:
            raise ConnectionLostError("too_large", f"more than {MOST_BYTES:,} bytes")
    return bytes(body)


def _retry_after(value: str) -> float:
    """Seconds, from a number of them or a date (RFC 9110, section 10.2.3); 0 for anything else."""
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        date = parsedate_to_datetime(value)
    except ValueError:
        return 0.0
    return max(0.0, (date.replace(tzinfo=date.tzinfo or UTC) - datetime.now(UTC)).total_seconds())


def _max_age(cache_control: str) -> float:
    found = search(r"\bmax-age=(\d{1,9})\b", cache_control)
    return float(found[1]) if found else 0.0
