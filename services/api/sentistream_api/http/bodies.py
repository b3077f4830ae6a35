"""Reads request bodies within limits: of a body's size, of all bodies of the process, and of the number of values."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Final

from starlette.requests import ClientDisconnect, Request

from sentistream_api.http.json_values import has_more_values
from sentistream_api.problems import InvalidRequestError, ProblemError

_BODIES: Final = 4
"""How many bodies of the largest size a process may hold at a time."""
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
"""The problems that any route with a request body may answer with."""


class Bodies:
    """Reads request bodies. The size of each, and of all that the process holds, is limited."""

    def __init__(self, *, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._held = 0

    @asynccontextmanager
    async def read(self, request: Request) -> AsyncIterator[bytes]:
        """Read the whole body. It counts as held by the process until the block ends.

        The number of JSON values is limited, too, because parsed values take more memory than their text.

        Raises:
            BodyTooLargeError, BodiesFullError: a size limit was reached; the rest of the body is not read.
            InvalidRequestError: it has too many values, or the client disconnected before its end.
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
