"""What classifies texts, as the rest of the worker sees it."""

from collections.abc import Sequence
from typing import Protocol

from sentistream_core.sentiment import Sentiment


class Model(Protocol):
    """Called from threads, several at a time."""

    @property
    def model(self) -> str:
        """Name and version, stored with each post."""
        ...

    def classify(self, texts: Sequence[str]) -> list[Sentiment]:
        """One sentiment for each text, in order."""
        ...
