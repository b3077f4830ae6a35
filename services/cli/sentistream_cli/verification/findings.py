"""The results of `sentistream verify`."""

from collections.abc import Sequence
from dataclasses import dataclass

from sentistream_core.database.post_counts import PostCounts


@dataclass(frozen=True, slots=True)
class Findings:
    posts: PostCounts
    checked_entries: int
    pending_entries: int
    dead_letters: int
    lost: Sequence[str]
    """Id and stream of each lost entry, as text."""
    doubled: Sequence[str]
    """Id and stream of each doubled entry, as text."""
    differences: Sequence[str]
    """A sentence for each aggregate that is wrong."""

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.doubled or self.differences)
