"""Labelled posts and their batches."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("torch", reason="needs scripts/model/requirements.txt (make test-model)")

from model.data import batches, pad, read_labelled, read_targets


def test_a_malformed_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "posts.tsv"
    path.write_text("positive\tfine\njoyful\tfine\n")
    with pytest.raises(ValueError, match=r"posts\.tsv:2"):
        read_labelled(path)


def test_texts_are_preprocessed(tmp_path: Path) -> None:
    path = tmp_path / "posts.tsv"
    path.write_text("negative\t@alice  https://example.org\tnow\n")
    posts = read_labelled(path)
    assert (posts.texts, posts.labels) == (["@user http now"], [0])


def test_targets_are_labels_or_probabilities(tmp_path: Path) -> None:
    path = tmp_path / "posts.tsv"
    path.write_text("neutral\ta table\n0.2,0.3,0.5\tfine\n")
    texts, targets = read_targets(path)
    assert texts == ["a table", "fine"]
    assert targets == pytest.approx(np.array([[0, 1, 0], [0.2, 0.3, 0.5]]))


@pytest.mark.parametrize("field", ["joyful", "0.5,0.5", "0.5,0.5,0.5", "-0.5,0.5,1", "a,b,c"])
def test_targets_that_are_neither_are_named(tmp_path: Path, field: str) -> None:
    path = tmp_path / "posts.tsv"
    path.write_text(f"{field}\tfine\n")
    with pytest.raises(ValueError, match=r"posts\.tsv:1"):
        read_targets(path)


@given(st.lists(st.integers(1, 128), min_size=1, max_size=2_000), st.integers(1, 64), st.integers(0, 9))
def test_every_row_is_in_exactly_one_batch_and_seeds_repeat(lengths: list[int], size: int, seed: int) -> None:
    plan = list(batches(lengths, size, seed))
    assert sorted(row for batch in plan for row in batch) == list(range(len(lengths)))
    assert max(map(len, plan)) <= size
    assert plan == list(batches(lengths, size, seed))


def test_padding_is_masked() -> None:
    ids, mask = pad([[5, 6], [7]])
    assert ids.tolist() == [[5, 6], [7, 0]]
    assert mask.tolist() == [[1, 1], [1, 0]]
