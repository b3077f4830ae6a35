"""Which pending entries to take over, and which to try alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from sentistream_core.broker.consumer_group import PendingEntry


@dataclass(frozen=True, slots=True)
class ClaimPlan:
    together: Sequence[PendingEntry]
    """Delivered once: most likely their worker was merely ended."""
    alone: PendingEntry | None
    """Delivered more often: it may be what ends workers, so nothing else must be in work while it is tried.

    Only one is planned, because each claim counts as a delivery, also of those that were never tried.
    """


def plan_claim(pending: Sequence[PendingEntry]) -> ClaimPlan:
    """What to take over of the given pending entries, oldest first."""
    together = [each for each in pending if each.deliveries <= 1]
    suspects = [each for each in pending if each.deliveries > 1]
    return ClaimPlan(together=together, alone=suspects[0] if suspects and not together else None)
