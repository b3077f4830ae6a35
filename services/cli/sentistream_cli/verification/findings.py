"""What was found, and how counts are compared."""

from collections.abc import Sequence
from dataclasses import dataclass

from sentistream_core.database.counts_check import StoredCounts


@dataclass(frozen=True, slots=True)
class Findings:
    posts: int
    checked_entries: int
    pending_entries: int
    dead_letters: int
    lost: Sequence[str]
    """Entry ids."""
    doubled: Sequence[str]
    """Entry ids."""
    differences: Sequence[str]
    """A sentence for each aggregate that is wrong."""

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.doubled or self.differences)


def compare_counts(counts: StoredCounts) -> list[str]:
    """A sentence for each label whose counts of one resolution are not what is in the posts."""
    return [
        f"{counted:,} {label} posts are counted in the buckets of {resolution}, and {counts.posts[label]:,} are stored"
        for (resolution, label), counted in sorted(counts.counted.items())
        if counted != counts.posts[label]
    ]
