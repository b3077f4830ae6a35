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


NOW = 10**6


def before(groups: list[GroupPosition], *, keep: int, first_young: str | None) -> str | None:
    return trim_before(groups, now_milliseconds=NOW, keep_milliseconds=keep, first_young=first_young)


@given(st.lists(positions(), min_size=1), st.integers(0, NOW), st.integers(0, NOW))
def test_nothing_pending_undelivered_or_young_is_below(groups: list[GroupPosition], keep: int, age: int) -> None:
    for first_young in (f"{NOW - min(age, keep)}-0", None, f"{10 * NOW}-0"):
        found = before(groups, keep=keep, first_young=first_young)
        assert found is not None
        if first_young == f"{NOW - min(age, keep)}-0":
            assert entry_order(found) <= entry_order(first_young)
        for group in groups:
            assert entry_order(found) <= entry_order(group.last_delivered)
            assert group.oldest_pending is None or entry_order(found) <= entry_order(group.oldest_pending)


def test_a_stream_without_groups_is_left_alone() -> None:
    assert before([], keep=0, first_young=None) is None


def test_what_is_done_and_old_goes() -> None:
    done = GroupPosition(last_delivered="500-0", oldest_pending=None)
    assert before([done], keep=NOW - 900, first_young="950-0") == "500-0"
    assert before([done], keep=NOW - 300, first_young="350-0") == "300-0"


def test_ids_ahead_of_the_clock_go_when_they_are_done() -> None:
    done = GroupPosition(last_delivered=f"{90 * NOW}-7", oldest_pending=None)
    assert before([done], keep=500, first_young=f"{90 * NOW}-0") == f"{90 * NOW}-7"
    assert before([done], keep=500, first_young=f"{NOW - 100}-0") == f"{NOW - 500}-0", "young ones first grow old"
