"""Micro-batches: every text once, within the budget, enough of them for the threads."""

from hypothesis import given
from hypothesis import strategies as st

from sentistream_worker.engine.batching import plan_batches

LENGTHS = st.lists(st.integers(2, 128), max_size=300)


@given(LENGTHS, st.integers(1, 16), st.integers(1, 1024))
def test_every_text_is_in_exactly_one_batch(lengths: list[int], threads: int, budget: int) -> None:
    plan = plan_batches(lengths, threads, budget)
    assert sorted(index for batch in plan for index in batch) == list(range(len(lengths)))


@given(LENGTHS, st.integers(1, 16), st.integers(1, 1024))
def test_no_batch_of_several_texts_is_over_budget(lengths: list[int], threads: int, budget: int) -> None:
    for batch in plan_batches(lengths, threads, budget):
        padded = len(batch) * max(lengths[index] for index in batch)
        assert padded <= budget or len(batch) == 1


@given(st.integers(2, 128), st.integers(16, 300), st.integers(1, 16))
def test_every_thread_gets_something_to_do(length: int, texts: int, threads: int) -> None:
    assert len(plan_batches([length] * texts, threads)) >= threads


@given(LENGTHS)
def test_the_longest_go_first(lengths: list[int]) -> None:
    heads = [lengths[batch[0]] for batch in plan_batches(lengths, 2)]
    assert heads == sorted(heads, reverse=True)


def test_texts_of_one_length_fill_the_budget() -> None:
    assert [len(batch) for batch in plan_batches([16] * 64, threads=1, budget=256)] == [16, 16, 16, 16]


def test_threads_share_the_groups_evenly() -> None:
    plan = plan_batches([16] * 72, threads=2, budget=256)
    assert [len(batch) for batch in plan] == [12] * 6
