"""Tokens of many texts, and which of them share a step."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, pre_tokenizers

from model.batches import WIDTH_STEP, plan_batches, posts, reading_batches, tokens
from model.tokens import Tokens

LENGTHS = st.lists(st.integers(1, 128), min_size=1, max_size=200).map(np.array)


def tokenizer() -> Tokenizer:
    words = Tokenizer(models.WordLevel({"a": 1, "b": 2, "c": 3}))
    words.pre_tokenizer = pre_tokenizers.Whitespace()
    return words


def test_tokens_are_padded_and_masked() -> None:
    found = Tokens.of(tokenizer(), ["a b c", "b", "a a a a a"], 4)
    assert found.lengths.tolist() == [3, 1, 4]
    ids, mask = found.batch([1, 0], pad=9, multiple=4)
    assert ids.tolist() == [[2, 9, 9, 9], [1, 2, 3, 9]]
    assert mask.tolist() == [[1, 0, 0, 0], [1, 1, 1, 0]]
    assert found.ids[found.positions([2, 1])].tolist() == [1, 1, 1, 1, 2]


@given(LENGTHS, st.integers(1, 60), st.integers(1, 16), st.integers(0, 9))
def test_a_plan_has_so_many_batches_of_one_width_and_repeats(
    lengths: np.ndarray, steps: int, size: int, seed: int
) -> None:
    plan = plan_batches(lengths, steps, posts(size), seed)
    assert len(plan) == steps
    for batch in plan:
        assert len(batch) == size
        assert len(set(-(-lengths[batch] // WIDTH_STEP))) == 1
    again = plan_batches(lengths, steps, posts(size), seed)
    assert all(np.array_equal(one, other) for one, other in zip(plan, again, strict=True))


@given(LENGTHS, st.integers(1, 16), st.integers(0, 9))
def test_all_rows_have_their_turns(lengths: np.ndarray, size: int, seed: int) -> None:
    epochs = 3 * size
    seen = np.concatenate(plan_batches(lengths, epochs * len(lengths) // size, posts(size), seed))
    turns = np.bincount(seen, minlength=len(lengths))
    assert turns.max() - turns.min() <= size + 1, "a row waits at most until its width fills a batch"


@given(LENGTHS, st.integers(8, 600))
def test_batches_of_tokens_keep_the_budget(lengths: np.ndarray, budget: int) -> None:
    for batch in plan_batches(lengths, 20, tokens(budget), 1):
        width = -(-int(lengths[batch].max()) // WIDTH_STEP) * WIDTH_STEP
        assert len(batch) == 1 or len(batch) * width <= budget


@given(LENGTHS, st.integers(8, 600))
def test_reading_takes_each_row_once_longest_first(lengths: np.ndarray, budget: int) -> None:
    batches = reading_batches(lengths, budget)
    assert sorted(row for batch in batches for row in batch.tolist()) == list(range(len(lengths)))
    assert all(lengths[left].min() >= lengths[right].max() for left, right in pairwise(batches))
