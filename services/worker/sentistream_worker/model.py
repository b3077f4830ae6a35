"""The interface of a classifier."""

from collections.abc import Sequence
from typing import Protocol

from sentistream_core.sentiment import Sentiment


class Model(Protocol):
    """Classifies texts; `classify` is called from several threads at once."""

    @property
    def model(self) -> str:
        """Name and version, stored with each post."""
        ...

    def classify(self, texts: Sequence[str]) -> list[Sentiment]:
        """One sentiment for each text, in order."""
        ...
