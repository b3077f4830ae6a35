"""The dictionary that a Jetstream server compresses its frames with (RFC 8878, section 5)."""

from dataclasses import dataclass
from typing import Final

import httpx
import zstandard

from sentistream_ingester.reconnection import ConnectionLostError

PATH: Final = "/xrpc/network.bsky.jetstream.getZstdDictionary"
_MAGIC: Final = (0xEC30A437).to_bytes(4, "little")
_MOST_BYTES: Final = 4_000_000
_TIMEOUT_SECONDS: Final = 20.0


class UndecodableFrameError(ValueError):
    """A frame that this dictionary does not decode."""


@dataclass(frozen=True, slots=True)
class Dictionary:
    id: int
    decompressor: zstandard.ZstdDecompressor

    def decode(self, frame: bytes, *, at_most: int) -> bytes:
        """The frame's JSON, of `at_most` bytes.

        Raises:
            UndecodableFrameError: it is not compressed with this dictionary, is broken, or is too long.
        """
        try:
            size = zstandard.frame_content_size(frame)
            if size > at_most:
                raise UndecodableFrameError(f"a frame of {size} bytes, at most {at_most} are taken")
            return self.decompressor.decompress(frame, max_output_size=at_most)
        except zstandard.ZstdError as error:
            raise UndecodableFrameError(str(error)) from error


async def fetch_dictionary(server: str) -> Dictionary | None:
    """The dictionary that the server (its http or https address) uses now; None if it does not compress.

    Raises:
        ConnectionLostError: the server cannot be reached, or what it sends is no dictionary.
    """
    try:
        async with (
            httpx.AsyncClient(timeout=_TIMEOUT_SECONDS) as client,
            client.stream("GET", f"{server}{PATH}") as response,
        ):
            if response.status_code == httpx.codes.NOT_FOUND:
                return None
            response.raise_for_status()
            raw = bytearray()
            async for part in response.aiter_bytes():
                raw += part
                if len(raw) > _MOST_BYTES:
                    raise ConnectionLostError("dictionary", f"more than {_MOST_BYTES} bytes")
    except httpx.HTTPStatusError as error:
        raise ConnectionLostError("dictionary", f"HTTP {error.response.status_code} for {PATH}") from error
    except httpx.HTTPError as error:
        raise ConnectionLostError("unreachable", f"{type(error).__name__}: {error}") from error
    return _read(bytes(raw))


def _read(raw: bytes) -> Dictionary:
    if not raw.startswith(_MAGIC):
        raise ConnectionLostError("dictionary", f"what {PATH} sends is no zstd dictionary")
    try:
        data = zstandard.ZstdCompressionDict(raw, dict_type=zstandard.DICT_TYPE_FULLDICT)
        return Dictionary(data.dict_id(), zstandard.ZstdDecompressor(dict_data=data))
    except zstandard.ZstdError as error:
        raise ConnectionLostError("dictionary", str(error)) from error
