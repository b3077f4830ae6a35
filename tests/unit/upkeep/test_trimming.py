"""Trimming stops at the first entry that somebody needs."""

from hypothesis import given
from hypothesis import strategies as st

from sentistream_core.broker.entry_id import entry_order
from sentistream_upkeep.duties.trimming import GroupPosition, trim_before

ids = st.tuples(st.integers(1, 10**6), st.integers(0, 10)).map(lambda parts: f"{parts[0]}-{parts[1]}")


@st.composite
def positions(draw: st.DrawFn) -> GroupPosition:
    last = draw(ids)
    pending = draw(st.none() | ids.filter(lambda entry_id: entry_order(entry_id) <= entry_order(last)))
    return GroupPosition(last_delivered=last, oldest_pending=pending)


@given(st.lists(positions(), min_size=1), st.integers(0, 10**6))
def test_nothing_pending_undelivered_or_young_is_below(groups: list[GroupPosition], keep_since: int) -> None:
    before = trim_before(groups, keep_since_milliseconds=keep_since)
    assert before is not None
    assert entry_order(before) <= (keep_since, 0)
    for group in groups:
        assert entry_order(before) <= entry_order(group.last_delivered)
        assert group.oldest_pending is None or entry_order(before) <= entry_order(group.oldest_pending)


def test_a_stream_without_groups_is_left_alone() -> None:
    assert trim_before([], keep_since_milliseconds=10**9) is None


def test_what_is_done_and_old_goes() -> None:
    done = GroupPosition(last_delivered="500-0", oldest_pending=None)
    assert trim_before([done], keep_since_milliseconds=900) == "500-0"
    assert trim_before([done], keep_since_milliseconds=300) == "300-0"
