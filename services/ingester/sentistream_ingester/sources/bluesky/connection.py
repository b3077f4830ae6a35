"""One connection to a Jetstream server."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

from sentistream_core.dependency import describe_error
from sentistream_ingester.reconnection import ConnectionLostError
from sentistream_ingester.source import UnusableSourceError
from sentistream_ingester.sources.bluesky.dictionary import Dictionary, UndecodableFrameError

_OPEN_TIMEOUT_SECONDS: Final = 20.0
_CLOSE_TIMEOUT_SECONDS: Final = 1.0
_MOST_BYTES: Final = 8_000_000
"""Of a frame. A record has at most a megabyte on the network, and may be longer in JSON."""
_FRAMES_AHEAD: Final = 16
"""What is read before anybody asks for it; past that the server has to wait."""

_NORMAL_ENDS: Final = {1000: "closed", 1001: "server_shutdown", 1009: "frame_too_long"}
_HTTP_BAD_REQUEST: Final = 400
_HTTP_NOT_FOUND: Final = 404


class CursorTooOldError(ConnectionLostError):
    """The server no longer has what the cursor asks for."""


class DictionaryUnknownError(ConnectionLostError):
    """The server has another dictionary by now, or the one that it handed out does not decode what it sends."""


@asynccontextmanager
async def connected(url: str, silence_seconds: float, dictionary: Dictionary | None) -> AsyncGenerator["Connection"]:
    """A connection to this address, closed at the end of the block.

    Raises:
        UnusableSourceError: the server will never take this request.
        ConnectionLostError: it does not take it now, or the connection has ended.
    """
    try:
        # Nothing may hang on pings: while nobody reads, answers to them are not read either.
        async with connect(
            url,
            compression=None,
            max_size=_MOST_BYTES,
            max_queue=_FRAMES_AHEAD,
            ping_interval=None,
            open_timeout=_OPEN_TIMEOUT_SECONDS,
            close_timeout=_CLOSE_TIMEOUT_SECONDS,
            user_agent_header="sentistream-ingester",
        ) as websocket:
            yield Connection(websocket, silence_seconds, dictionary)
    except InvalidStatus as error:
        raise _refusal(url, error) from error
    except (OSError, TimeoutError, InvalidHandshake) as error:
        raise ConnectionLostError("unreachable", describe_error(error)) from error


class Connection:
    def __init__(self, websocket: ClientConnection, silence_seconds: float, dictionary: Dictionary | None) -> None:
        self._websocket = websocket
        self._silence_seconds = silence_seconds
        self._dictionary = dictionary

    async def next_text(self) -> str | bytes:
        """The next frame, decompressed.

        Raises:
            DictionaryUnknownError: it cannot be decompressed.
            ConnectionLostError: the connection ended, or nothing came for too long.
        """
        try:
            async with asyncio.timeout(self._silence_seconds):
                frame = await self._websocket.recv()
        except TimeoutError as error:
            self._websocket.transport.abort()  # its other end may be gone: there is nobody to say goodbye to
            raise ConnectionLostError("silent", f"nothing came for {self._silence_seconds:g} s") from error
        except ConnectionClosed as error:
            raise _end(error) from error
        if isinstance(frame, str):
            return frame
        if self._dictionary is None:
            raise ConnectionLostError("undecodable", "a binary frame, and no compression was asked for")
        try:
            return self._dictionary.decode(frame, at_most=_MOST_BYTES)
        except UndecodableFrameError as error:
            raise DictionaryUnknownError("undecodable", str(error)) from error


def _end(error: ConnectionClosed) -> ConnectionLostError:
    if error.rcvd is None and error.sent is None:
        return ConnectionLostError("cut", "the connection was cut")
    close = error.rcvd or error.sent
    code, said = (close.code, close.reason) if close else (1006, "")
    return ConnectionLostError(_NORMAL_ENDS.get(code, "closed"), f"closed with {code} {said}".rstrip())


def _refusal(url: str, error: InvalidStatus) -> Exception:
    """What a refused upgrade means; servers tell in JSON: {"error", "message"}."""
    response = error.response
    try:
        told = json.loads(response.body or b"")
    except ValueError:
        told = None
    name, message = (
        (str(told.get(key, ""))[:200] for key in ("error", "message")) if isinstance(told, dict) else ("", "")
    )
    said = f"HTTP {response.status_code} {name} {message}".rstrip()
    match response.status_code, name:
        case _, "CursorTooOld":
            return CursorTooOldError("cursor_too_old", said)
        case _, "UnknownZstdDictionary":
            return DictionaryUnknownError("dictionary", said)
        case ((400 | 404), _):
            return UnusableSourceError(f"{url} cannot be read: {said}. Is it a Jetstream server of this protocol?")
        case _:
            return ConnectionLostError("refused", said)
