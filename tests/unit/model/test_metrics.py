"""The figures that choose a model, on cases small enough to count by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.metrics import class_metrics, expected_calibration_error, fit_temperature, macro_recall, softmax


def test_macro_recall_weighs_labels_not_posts() -> None:
    actual = np.array([0, 1, 1, 1, 2, 2])
    predicted = np.array([0, 1, 1, 0, 2, 1])
    assert macro_recall(predicted, actual) == pytest.approx((1 + 2 / 3 + 1 / 2) / 3)


def test_class_metrics_by_hand() -> None:
    negative, neutral, positive = class_metrics(np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1]), 3)
    assert (negative.precision, negative.recall, negative.support) == (0.5, 1.0, 1)
    assert neutral.recall == pytest.approx(2 / 3)
    assert (neutral.precision, neutral.support) == (1.0, 3)
    assert neutral.f1 == pytest.approx(0.8)
    assert (positive.precision, positive.recall, positive.f1, positive.support) == (0, 0, 0, 0)


def test_calibration_error_is_the_gap_between_score_and_accuracy() -> None:
    probabilities = np.array([[0.9, 0.1, 0.0]] * 10)
    actual = np.array([0] * 6 + [1] * 4)
    assert expected_calibration_error(probabilities, actual) == pytest.approx(0.3)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
def test_the_temperature_that_made_the_labels_is_found(temperature: float) -> None:
    generator = np.random.default_rng(1)
    logits = generator.normal(size=(20_000, 3)) * 2
    probabilities = softmax(logits, temperature)
    actual = (probabilities.cumsum(axis=1) < generator.random((20_000, 1))).sum(axis=1)
    assert fit_temperature(logits, actual) == pytest.approx(temperature, rel=0.1)


@given(st.lists(st.lists(st.floats(-1e3, 1e3), min_size=3, max_size=3), min_size=1))
def test_softmax_rows_are_probabilities(rows: list[list[float]]) -> None:
    probabilities = softmax(np.array(rows))
    assert np.all((probabilities >= 0) & (probabilities <= 1))
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
