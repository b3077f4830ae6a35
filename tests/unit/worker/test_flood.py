"""The flood guard raises its hand at a flood of dead letters and at nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from sentistream_worker.pipeline.flood import FloodGuard

batches = st.lists(st.integers(1, 200).flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size))), min_size=1)


def guard_after(recorded: list[tuple[int, int]], *, ratio: float = 0.5, window: int = 100) -> FloodGuard:
    guard = FloodGuard(ratio=ratio, window=window)
    for entries, dead in recorded:
        guard.record(entries=entries, dead=dead)
    return guard


@given(batches)
def test_a_share_within_the_limit_is_no_flood(recorded: list[tuple[int, int]]) -> None:
    assert not guard_after([(entries, dead // 2) for entries, dead in recorded]).is_flooded


@given(batches)
def test_a_window_of_dead_letters_alone_is_a_flood(before: list[tuple[int, int]]) -> None:
    assert guard_after([*before, *[(10, 10)] * 30]).is_flooded


@given(batches)
def test_a_full_window_of_good_posts_ends_a_flood(before: list[tuple[int, int]]) -> None:
    assert not guard_after([*before, *[(10, 0)] * 30]).is_flooded


def test_a_few_dead_letters_at_the_start_are_no_flood() -> None:
    assert not guard_after([(20, 20)]).is_flooded


def test_after_a_reset_a_new_window_decides() -> None:
    guard = guard_after([(100, 100)])
    assert guard.is_flooded
    guard.reset()
    assert not guard.is_flooded
