"""How many entries to read, so that a batch is bounded in bytes, too."""

from collections.abc import Sequence
from typing import Final

from sentistream_core.broker.consumer_group import Entry

BATCH_BYTES: Final = 8 * 2**20
"""A usual batch has a hundredth of this; the limit matters only with huge entries."""


class ReadSize:
    """Adapts to the largest entry of recent reads, since XREADGROUP has a limit of entries but not of bytes.

    The first huge entries arrive in a batch of full size; the following batches have fewer entries.
    """

    def __init__(self, entries_at_most: int) -> None:
        self._at_most = entries_at_most
        self._largest = 1

    @property
    def entries(self) -> int:
        """At least 1, at most what the settings allow."""
        return max(1, min(self._at_most, BATCH_BYTES // self._largest))

    def adapt(self, read: Sequence[Entry]) -> None:
        """Adapt to the entries of a read. Without large entries the remembered size is halved with each read."""
        largest = max((_bytes(entry) for entry in read), default=0)
        self._largest = max(largest, self._largest // 2, 1)


def _bytes(entry: Entry) -> int:
    return sum(len(name) + len(value) for name, value in entry.fields.items())
