"""What was found, and how counts are compared."""

from collections.abc import Sequence
from dataclasses import dataclass

from sentistream_core.database.counts_check import StoredCounts
from sentistream_core.database.sentiment_counts import RESOLUTIONS


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
    """A sentence for each resolution and label whose count is not what is in the posts."""
    resolutions = {resolution for resolution, _ in counts.counted}
    differences = [
        f"{counts.counted[resolution, label]:,} {label} posts are counted in the buckets of {resolution}, "
        f"and {counts.posts[label]:,} are stored"
        for resolution in sorted(resolutions)
        for label in sorted({*counts.posts, *(label for _, label in counts.counted)})
        if counts.counted[resolution, label] != counts.posts[label]
    ]
    if counts.posts and len(resolutions) < len(RESOLUTIONS):
        differences.append(f"posts are counted in {len(resolutions)} of {len(RESOLUTIONS)} resolutions")
    return differences
