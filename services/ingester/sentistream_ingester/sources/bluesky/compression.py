"""Which dictionary the next connection asks for."""

from typing import Final

from sentistream_core.log import get_logger
from sentistream_ingester.sources.bluesky.dictionary import Dictionary, fetch_dictionary

_FAILURES_AT_MOST: Final = 2


class Compression:
    """Fetches the server's dictionary when there is none, or the one at hand was of no use.

    After two that were of no use in a row the next connection goes without: more bytes are better than no posts.
    """

    def __init__(self, server: str) -> None:
        """`server` is its http or https address."""
        self._server = server
        self._dictionary: Dictionary | None = None
        self._is_plain = False
        self._failures = 0

    async def dictionary(self) -> Dictionary | None:
        """For the next connection; None is to go without.

        Raises:
            ConnectionLostError: it cannot be fetched now.
        """
        if self._failures >= _FAILURES_AT_MOST:
            self._failures = 0
            get_logger().warning("the server's dictionary is of no use: going on without compression")
            return None
        if self._dictionary is None and not self._is_plain:
            self._dictionary = await fetch_dictionary(self._server)
            self._is_plain = self._dictionary is None
        return self._dictionary

    def failed(self) -> None:
        """The server refused the dictionary, or its frames cannot be decoded with it."""
        self._dictionary = None
        self._failures += 1

    def worked(self) -> None:
        self._failures = 0
