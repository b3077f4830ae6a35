"""What is taken over of pending entries, given how often each was delivered."""

from hypothesis import given
from hypothesis import strategies as st

from sentistream_core.broker.consumer_group import PendingEntry
from sentistream_worker.pipeline.claim_plan import plan_claim

pending_entries = st.lists(
    st.builds(
        PendingEntry,
        id=st.integers(1, 10_000).map(lambda number: f"{number}-0"),
        consumer=st.just("gone"),
        idle_milliseconds=st.integers(0, 10**6),
        deliveries=st.integers(1, 10),
    ),
    unique_by=lambda entry: entry.id,
)


@given(pending_entries)
def test_what_was_tried_twice_is_never_taken_together_with_others(pending: list[PendingEntry]) -> None:
    plan = plan_claim(pending)
    assert all(entry.deliveries == 1 for entry in plan.together)
    assert plan.alone is None or not plan.together


@given(pending_entries)
def test_whatever_is_pending_something_is_taken(pending: list[PendingEntry]) -> None:
    plan = plan_claim(pending)
    assert bool(plan.together or plan.alone) == bool(pending)
