import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentistream_ingester.backpressure import Limits, Load, pressure, share_of_rate

loads = st.builds(
    Load, backlog=st.integers(0, 10**7), memory_used=st.integers(0, 10**10), memory_limit=st.integers(0, 10**10)
)
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
    load = Load(backlog=backlog, memory_used=10, memory_limit=0)
    assert share_of_rate(pressure(load, Limits(backlog=100_000, memory_share=0.8))) == pytest.approx(share)


def test_the_fuller_of_backlog_and_memory_counts() -> None:
    limits = Limits(backlog=100, memory_share=0.5)
    assert pressure(Load(backlog=10, memory_used=450, memory_limit=1000), limits) == pytest.approx(0.9)
    assert pressure(Load(backlog=95, memory_used=450, memory_limit=1000), limits) == pytest.approx(0.95)
    assert pressure(Load(backlog=10, memory_used=450, memory_limit=0), limits) == pytest.approx(0.1)
