"""Intervals say how far chance alone moves a figure."""

import numpy as np
import pytest

from model.bootstrap import difference, interval, log_loss_figure, recall_figure
from model.metrics import Floats, Ints, macro_recall, negative_log_likelihood


def drawn(posts: int, right: float, seed: int) -> tuple[Floats, Ints]:
    """Probabilities whose greatest is the label's with probability `right`."""
    generator = np.random.default_rng(seed)
    actual = generator.integers(3, size=posts)
    found = np.where(generator.random(posts) < right, actual, (actual + 1) % 3)
    return np.eye(3)[found] * 0.7 + 0.1, actual


def test_the_value_is_the_plain_figure() -> None:
    probabilities, actual = drawn(500, 0.7, 1)
    recall = interval(recall_figure(probabilities, actual), 500)
    assert recall.value == pytest.approx(macro_recall(probabilities.argmax(1), actual))
    loss = interval(log_loss_figure(probabilities, actual), 500)
    assert loss.value == pytest.approx(negative_log_likelihood(probabilities, actual))


def test_the_interval_is_as_wide_as_theory_has_it() -> None:
    probabilities, actual = drawn(2_000, 0.7, 1)
    recall = interval(recall_figure(probabilities, actual), 2_000)
    assert recall.low < recall.value < recall.high
    assert recall.high - recall.low == pytest.approx(2 * 1.96 * np.sqrt(0.7 * 0.3 / 2_000), rel=0.1)


def test_paired_models_differ_by_less_than_apart() -> None:
    ours, actual = drawn(2_000, 0.7, 1)
    theirs = ours.copy()
    theirs[:20] = np.eye(3)[(actual[:20] + 1) % 3]
    gap = interval(difference(recall_figure(ours, actual), recall_figure(theirs, actual)), 2_000)
    alone = interval(recall_figure(ours, actual), 2_000)
    assert 0 < gap.low < gap.value < gap.high
    assert gap.high - gap.low < (alone.high - alone.low) / 4


def test_a_label_that_was_not_drawn_does_not_count() -> None:
    actual = np.array([0, 0, 0, 0, 1])
    recall = interval(recall_figure(np.eye(3)[actual], actual), 5)
    assert (recall.low, recall.value, recall.high) == (1, 1, 1)
