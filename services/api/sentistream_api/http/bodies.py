"""Reads request bodies within bounds: of one, of all that a process holds at a time, and of what is in it."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Final

from starlette.requests import ClientDisconnect, Request

from sentistream_api.http.json_values import has_more_values
from sentistream_api.problems import InvalidRequestError, ProblemError

_BODIES: Final = 4
"""How many of the largest bodies a process holds at a time, or more of smaller ones."""
_VALUES: Final = 20_000
"""Elements of arrays and members of objects; a thousand posts with all of their fields have 8,000."""


class BodyTooLargeError(ProblemError):
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    summary = "The body is too large"
    example = "The body is larger than 4,194,304 bytes. Send fewer posts at once."

    def __init__(self, max_bytes: int) -> None:
        super().__init__(f"The body is larger than {max_bytes:,} bytes. Send fewer posts at once.")


class BodiesFullError(ProblemError):
    status = HTTPStatus.SERVICE_UNAVAILABLE
    summary = "Too many bodies are being received at once; Retry-After tells when to try again"
    example = "The API receives as many bytes as it can hold. Send this again later."
    headers: Mapping[str, str] = {"Retry-After": "1"}


BODY_PROBLEMS: Final = (BodyTooLargeError, BodiesFullError)
"""What a route that takes a body may answer because of it."""


class Bodies:
    """The bodies that a process holds: each, and all together, are bounded."""

    def __init__(self, *, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._held = 0

    @asynccontextmanager
    async def read(self, request: Request) -> AsyncIterator[bytes]:
        """The whole body, which counts as held until the block ends.

        It has a bounded number of values, so that it takes little more memory when it is parsed.

        Raises:
            BodyTooLargeError, BodiesFullError: it is not read to its end.
            InvalidRequestError: it has too many values, or the client left before its end.
        """
        announced = request.headers.get("content-length", "")
        if announced.isdigit() and int(announced) > self._max_bytes:
            raise BodyTooLargeError(self._max_bytes)
        body = bytearray()
        try:
            await self._receive(request, body)
            if has_more_values(body, _VALUES):
                raise InvalidRequestError(f"body: more than {_VALUES:,} values. Send fewer posts at once.")
            yield bytes(body)
        finally:
            self._held -= len(body)

    async def _receive(self, request: Request, body: bytearray) -> None:
        try:
            async for chunk in request.stream():
                body += chunk
                self._held += len(chunk)
                if len(body) > self._max_bytes:
                    raise BodyTooLargeError(self._max_bytes)
                if self._held > _BODIES * self._max_bytes:
                    raise BodiesFullError
        except ClientDisconnect as error:
            raise InvalidRequestError("body: the connection ended before it did.") from error
