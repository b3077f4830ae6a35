import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentistream_ingester.backpressure import Limits, Load, Memory, pressure, share_of_rate

memories = st.builds(Memory, used=st.integers(0, 10**10), limit=st.integers(0, 10**10))
loads = st.builds(Load, backlog=st.none() | st.integers(0, 10**7), memory=st.none() | memories)
limits = st.builds(Limits, backlog=st.integers(0, 10**6), memory_share=st.floats(0, 1))
UNLIMITED = Limits(backlog=0, memory_share=0)


@given(loads, limits)
def test_the_share_is_between_nothing_and_all(load: Load, limits: Limits) -> None:
    assert 0 <= share_of_rate(pressure(load, limits)) <= 1


@given(loads)
def test_without_limits_nothing_slows_down(load: Load) -> None:
    assert share_of_rate(pressure(load, UNLIMITED)) == 1


@given(st.floats(0, 2), st.floats(0, 2))
def test_more_pressure_never_means_more_posts(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert share_of_rate(low) >= share_of_rate(high)


@pytest.mark.parametrize(
    ("backlog", "share"),
    [(0, 1.0), (80_000, 1.0), (85_000, 0.75), (90_000, 0.5), (99_000, 0.05), (100_000, 0.0), (500_000, 0.0)],
)
def test_the_rate_falls_in_a_line_before_the_backlog_is_full(backlog: int, share: float) -> None:
    load = Load(backlog, Memory(used=10, limit=0))
    assert share_of_rate(pressure(load, Limits(backlog=100_000, memory_share=0.8))) == pytest.approx(share)


def test_the_fuller_of_backlog_and_memory_counts() -> None:
    limits = Limits(backlog=100, memory_share=0.5)
    assert pressure(Load(10, Memory(used=450, limit=1000)), limits) == pytest.approx(0.9)
    assert pressure(Load(95, Memory(used=450, limit=1000)), limits) == pytest.approx(0.95)
    assert pressure(Load(10, Memory(used=450, limit=0)), limits) == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("load", "limits", "share"),
    [
        (Load(95, None), Limits(backlog=100, memory_share=0.5), 0.25),
        (Load(None, Memory(used=475, limit=1000)), Limits(backlog=100, memory_share=0.5), 0.25),
        (Load(None, None), Limits(backlog=100, memory_share=0.5), 0.0),
        (Load(None, None), Limits(backlog=100, memory_share=0), 0.0),
        (Load(None, Memory(used=475, limit=0)), Limits(backlog=100, memory_share=0.5), 0.0),
        (Load(None, None), UNLIMITED, 1.0),
    ],
)
def test_a_limit_of_unknown_measure_is_left_to_the_other_and_without_one_nothing_is_written(
    load: Load, limits: Limits, share: float
) -> None:
    assert share_of_rate(pressure(load, limits)) == pytest.approx(share)
