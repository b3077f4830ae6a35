import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentistream_ingester.pacing import LONGEST_CATCH_UP_SECONDS, Schedule


@given(
    rate=st.floats(0, 20_000),
    gaps=st.lists(st.floats(0, LONGEST_CATCH_UP_SECONDS), min_size=1, max_size=100),
)
def test_uneven_ticks_give_the_rate_all_the_same(rate: float, gaps: list[float]) -> None:
    schedule, now, sent = Schedule(start=0.0), 0.0, 0
    for gap in gaps:
        now += gap
        sent += schedule.due(now, rate)
    assert sent == pytest.approx(rate * now, abs=1.01)
    assert schedule.skipped_seconds == pytest.approx(0, abs=1e-6)


def test_a_slow_rate_is_kept_across_ticks() -> None:
    schedule = Schedule(start=0.0)
    assert [schedule.due(tick / 8, 2) for tick in range(1, 13)] == [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1]


def test_a_late_tick_catches_up_at_most_a_second_and_says_what_it_skipped() -> None:
    schedule = Schedule(start=100.0)
    assert schedule.due(100.6, 1000) == pytest.approx(600, abs=1)
    assert schedule.due(160.6, 1000) == pytest.approx(1000, abs=1)
    assert schedule.skipped_seconds == pytest.approx(59)


def test_nothing_is_owed_for_the_time_of_a_standstill() -> None:
    schedule = Schedule(start=0.0)
    assert sum(schedule.due(tick / 8, 0) for tick in range(1, 40)) == 0
    assert schedule.due(5.0, 80) == 10
