"""The measured capacity tells what the worker could do, not what it was given to do."""

import time

import pytest

from sentistream_worker.capacity import Capacity


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(time, "perf_counter", clock)
    return clock


def test_it_is_the_rate_of_full_batches(clock: Clock) -> None:
    capacity = Capacity(full_batch=100)
    with capacity.measure(100):
        clock.now += 0.5
    assert capacity.posts_per_second == pytest.approx(200)


def test_a_small_batch_says_nothing(clock: Clock) -> None:
    capacity = Capacity(full_batch=100)
    with capacity.measure(1):
        clock.now += 0.5
    assert capacity.posts_per_second == 0


def test_batches_at_the_same_time_share_it(clock: Clock) -> None:
    capacity = Capacity(full_batch=100)
    with capacity.measure(100), capacity.measure(100):
        clock.now += 1.0
    assert capacity.posts_per_second == pytest.approx(200)
