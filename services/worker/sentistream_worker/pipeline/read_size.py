"""How many entries to ask for, so that a batch is bounded in bytes as well."""

from collections.abc import Sequence
from typing import Final

from sentistream_core.broker.consumer_group import Entry

BATCH_BYTES: Final = 8 * 2**20
"""A batch of usual posts has a hundredth of this; it matters when somebody writes huge entries."""


class ReadSize:
    """Adapts to the largest entry of the last read, since the broker counts entries and not bytes.

    The first huge entries come in a batch of full size; from the next one on there are fewer.
    """

    def __init__(self, entries_at_most: int) -> None:
        self._at_most = entries_at_most
        self._largest = 1

    @property
    def entries(self) -> int:
        """At least 1, at most what the settings allow."""
        return max(1, min(self._at_most, BATCH_BYTES // self._largest))

    def adapt(self, read: Sequence[Entry]) -> None:
        """Take the entries of a read into account; a size that is left behind is forgotten by halves."""
        largest = max((_bytes(entry) for entry in read), default=0)
        self._largest = max(largest, self._largest // 2, 1)


def _bytes(entry: Entry) -> int:
    return sum(len(name) + len(value) for name, value in entry.fields.items())
