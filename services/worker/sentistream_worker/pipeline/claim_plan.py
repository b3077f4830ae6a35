"""Which pending entries to take over together, and which one to process alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from sentistream_core.broker.consumer_group import PendingEntry


@dataclass(frozen=True, slots=True)
class ClaimPlan:
    together: Sequence[PendingEntry]
    """Entries that were delivered once: most likely their worker was stopped."""
    alone: PendingEntry | None
    """An entry that was delivered more often. It may crash workers, so nothing else is processed while it is tried.

    Only one is planned, because each claim counts as a delivery, even if the entry is not tried.
    """


def plan_claim(pending: Sequence[PendingEntry]) -> ClaimPlan:
    """Plan which of the pending entries to take over; they are given oldest first."""
    together = [each for each in pending if each.deliveries <= 1]
    suspects = [each for each in pending if each.deliveries > 1]
    return ClaimPlan(together=together, alone=suspects[0] if suspects and not together else None)
