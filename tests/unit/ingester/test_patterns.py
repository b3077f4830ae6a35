import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentistream_ingester.patterns import bursts, steady, wave

rates = st.floats(0, 10_000)
times = st.floats(0, 4e9)


@given(rates, times)
def test_steady_never_changes(rate: float, time: float) -> None:
    assert steady(rate)(time) == rate


def test_bursts_begin_each_period() -> None:
    rate_at = bursts(100, factor=5, every_seconds=60, burst_seconds=10)
    assert [rate_at(6_000 + second) for second in (0, 9.9, 10, 59.9, 60, 69.9, 70)] == [
        500,
        500,
        100,
        100,
        500,
        500,
        100,
    ]


def test_a_wave_of_a_day_swings_around_its_mean() -> None:
    rate_at = wave(100, amplitude=0.8, period_seconds=86_400, peak=0.75)
    hours = [rate_at(hour * 3600) for hour in range(24)]
    assert hours.index(max(hours)) == 18
    assert max(hours) == pytest.approx(180)
    assert min(hours) == pytest.approx(20)
    assert sum(hours) / 24 == pytest.approx(100)


@given(rates, times, st.floats(0, 1), st.floats(1, 1e6), st.floats(0, 1))
def test_a_wave_is_never_negative(rate: float, time: float, amplitude: float, period: float, peak: float) -> None:
    assert wave(rate, amplitude=amplitude, period_seconds=period, peak=peak)(time) >= 0
