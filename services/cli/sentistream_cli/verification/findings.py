"""What was found."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Findings:
    posts: int
    checked_entries: int
    pending_entries: int
    dead_letters: int
    lost: Sequence[str]
    """Entries by id and stream, as text."""
    doubled: Sequence[str]
    """The same."""
    differences: Sequence[str]
    """A sentence for each aggregate that is wrong."""

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.doubled or self.differences)
