"""uvicorn's HTTP protocol with limits of size and time.

uvicorn itself accepts a head of any size, and waits for the rest of a request without a time limit.
"""

from asyncio import TimerHandle, Transport
from http import HTTPStatus
from typing import Any, ClassVar, Final

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from sentistream_api import metrics
from sentistream_api.problems import ProblemError

MAX_HEAD_BYTES: Final = 64 * 1024
"""Address and headers of a request; twice what nginx takes by default."""
_LINGER_SECONDS: Final = 2.0


class HeadTooLargeError(ProblemError):
    status = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
    summary = "Address and headers are too large"
    example = f"Address and headers of a request may have {MAX_HEAD_BYTES:,} bytes."


class RequestTimeoutError(ProblemError):
    status = HTTPStatus.REQUEST_TIMEOUT
    summary = "The request took too long to arrive"
    example = "The request did not arrive within 30 s."


class MalformedRequestError(ProblemError):
    status = HTTPStatus.BAD_REQUEST
    summary = "The request is not valid HTTP"
    example = "This is not a valid HTTP/1.1 request."


class HttpProtocol(HttpToolsProtocol):
    """Answers 431 if a head is too large and 408 if a request does not arrive in time, and closes the connection.

    The memory for a request before the app reads it is limited: by `MAX_HEAD_BYTES` for its head, its trailers and the
    text between chunks, and by uvicorn's flow control for its body.
    """

    request_seconds: ClassVar[float] = 30.0
    """Time limit for a request to arrive with its body, counted from its first byte or from the connection."""

    transport: Transport

    def __init__(self, *args: Any, **keywords: Any) -> None:  # noqa: ANN401 (passed on to uvicorn's)
        super().__init__(*args, **keywords)
        self._deadline: TimerHandle | None = None
        self._is_arriving = False
        self._is_refused = False
        self._head_bytes = 0
        self._unparsed_bytes = 0
        """Bytes since the parser last recognised something; it buffers them."""

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._start_deadline()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end_deadline()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._is_refused:
            return
        if self._deadline is None:
            self._start_deadline()
        self._unparsed_bytes += len(data)
        super().data_received(data)
        if self._unparsed_bytes > MAX_HEAD_BYTES:
            self._refuse(HeadTooLargeError())

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._is_arriving = True
        self._head_bytes = 0
        if self._deadline is None:
            self._start_deadline()

    def on_url(self, url: bytes) -> None:
        self._keep(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._keep(len(name) + len(value) + len(": \r\n"))
        super().on_header(name, value)

    def on_body(self, body: bytes) -> None:
        self._unparsed_bytes = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._unparsed_bytes = 0
        self._is_arriving = False
        self._end_deadline()
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        self._end_deadline()
        super().handle_websocket_upgrade()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 (always the same words)
        """Called by uvicorn for every error of the parser."""
        if self._head_bytes > MAX_HEAD_BYTES:
            self._refuse(HeadTooLargeError())
        else:
            self._refuse(MalformedRequestError())

    def _keep(self, size: int) -> None:
        self._unparsed_bytes = 0
        self._head_bytes += size
        if self._head_bytes > MAX_HEAD_BYTES:
            raise HeadTooLargeError

    def _start_deadline(self) -> None:
        self._deadline = self.loop.call_later(self.request_seconds, self._out_of_time)

    def _end_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _out_of_time(self) -> None:
        if self._owes_an_answer():
            self._start_deadline()  # the client may be waiting for the answer before it sends the next request
        elif self._is_arriving:
            self._refuse(RequestTimeoutError(f"The request did not arrive within {self.request_seconds:g} s."))
        else:
            self.transport.close()

    def _owes_an_answer(self) -> bool:
        """Whether a complete request has not been fully answered."""
        cycle = self.cycle
        return bool(self.pipeline) or (cycle is not None and not cycle.more_body and not cycle.response_complete)

    def _refuse(self, problem: ProblemError) -> None:
        """Close the connection, with an answer if the client can match it to its request."""
        self._is_refused = True
        self._end_deadline()
        metrics.REQUESTS.labels("other", "other", str(problem.status.value)).inc()
        cycle = self.cycle
        if self._owes_an_answer() or (cycle is not None and cycle.more_body and cycle.response_started):
            self.transport.close()
            return
        if cycle is not None:  # for the app it is as if the client had disconnected
            cycle.disconnected = True
            cycle.message_event.set()
        response = problem.response()
        headers = b"".join(b"%b: %b\r\n" % header for header in response.raw_headers)
        self.transport.write(
            STATUS_LINE[problem.status] + headers + b"connection: close\r\n\r\n" + bytes(response.body)
        )
        # Closing at once would reset the connection if more data arrives, and the answer could be lost (RFC 9112,
        # section 9.6). So data is read and dropped for a moment.
        self.flow.resume_reading()
        self.transport.write_eof()
        self.loop.call_later(_LINGER_SECONDS, self.transport.close)


def http_protocol(request_seconds: float) -> type[HttpProtocol]:
    """The protocol class with another time limit for a request to arrive."""
    return type("HttpProtocol", (HttpProtocol,), {"request_seconds": request_seconds})
