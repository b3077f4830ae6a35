"""The slope of a figure over time, and how certain it is."""

from random import Random

import pytest

from bench.slope import slope

HOURS = [number / 720 for number in range(360)]
"""Half an hour, every five seconds."""


def test_of_a_line_it_is_the_lines() -> None:
    found = slope(HOURS, [100 + 30 * hour for hour in HOURS])
    assert found.value == pytest.approx(30)
    assert found.low == pytest.approx(30)
    assert found.high == pytest.approx(30)


@pytest.mark.parametrize("truth", [0.0, 20.0])
def test_the_interval_covers_the_truth_nineteen_times_in_twenty(truth: float) -> None:
    covered = 0
    for seed in range(400):
        random = Random(seed)
        found = slope(HOURS, [100 + truth * hour + random.gauss(0, 2) for hour in HOURS])
        covered += found.low <= truth <= found.high
    assert 0.92 * 400 <= covered <= 0.98 * 400


def test_too_few_samples_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 10"):
        slope(HOURS[:9], HOURS[:9])
