"""Refuses request bodies over a size before they are held in memory."""

from http import HTTPStatus

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sentistream_api.problems import ProblemError


class BodyTooLargeError(ProblemError):
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    summary = "The body is too large"
    example = "The body is larger than 4,194,304 bytes. Send fewer posts at once."

    def __init__(self, max_bytes: int) -> None:
        super().__init__(f"The body is larger than {max_bytes:,} bytes. Send fewer posts at once.")


class BodyLimit:
    """Answers 413, by the length that was announced or, where there is none, as soon as too much has come."""

    def __init__(self, app: ASGIApp, *, max_bytes: int) -> None:
        self._app = app
        self._max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if announced.isdigit() and int(announced) > self._max_bytes:
            await BodyTooLargeError(self._max_bytes).response()(scope, receive, send)
            return
        received = 0

        async def limited() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._max_bytes:
                raise BodyTooLargeError(self._max_bytes)
            return message

        await self._app(scope, limited, send)
