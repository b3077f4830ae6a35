"""How good a classifier is. Pure functions over probabilities of shape (rows, labels)."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]
Ints = NDArray[np.integer]

_CALIBRATION_BINS = 15
_TEMPERATURES = np.exp(np.linspace(np.log(0.25), np.log(4.0), 400))


@dataclass(frozen=True, slots=True)
class ClassMetrics:
    """One label's precision, recall, F1 (each in [0, 1]) and number of rows."""

    precision: float
    recall: float
    f1: float
    support: int


def class_metrics(predicted: Ints, actual: Ints, labels: int) -> list[ClassMetrics]:
    """Metrics of each label; a label that is never predicted, or never occurs, has 0."""
    metrics = []
    for label in range(labels):
        hits = int(np.sum((predicted == label) & (actual == label)))
        claimed, support = int(np.sum(predicted == label)), int(np.sum(actual == label))
        precision = hits / claimed if claimed else 0.0
        recall = hits / support if support else 0.0
        f1 = 2 * hits / (claimed + support) if claimed + support else 0.0
        metrics.append(ClassMetrics(precision, recall, f1, support))
    return metrics


def macro_recall(predicted: Ints, actual: Ints, labels: int = 3) -> float:
    """The mean of the labels' recalls: SemEval-2017 Task 4A's and TweetEval's main measure."""
    return float(np.mean([each.recall for each in class_metrics(predicted, actual, labels)]))


def softmax(logits: Floats, temperature: float = 1.0) -> Floats:
    """Probabilities of each row of `logits` divided by `temperature`."""
    scaled = np.asarray(logits, dtype=np.float64) / temperature
    exponents = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    probabilities: Floats = exponents / exponents.sum(axis=1, keepdims=True)
    return probabilities


def negative_log_likelihood(probabilities: Floats, actual: Ints) -> float:
    """The mean of -log of the probability given to the actual label, in nats."""
    given = probabilities[np.arange(len(actual)), actual]
    return float(-np.mean(np.log(np.maximum(given, 1e-12))))


def score_loss(probabilities: Floats, actual: Ints) -> float:
    """The mean log loss of the score, the greatest probability, as a forecast of whether the label is right."""
    scores = np.clip(probabilities.max(axis=1), 1e-12, 1 - 1e-12)
    right = probabilities.argmax(axis=1) == actual
    return float(-np.mean(np.where(right, np.log(scores), np.log1p(-scores))))


def fit_temperature(logits: Floats, actual: Ints, to_labels: Callable[[Floats], Floats] = lambda rows: rows) -> float:
    """The temperature in [0.25, 4] at which the score tells best whether the label is right: least `score_loss`.

    Temperature scaling is Guo et al.'s (2017), who fit it to the log loss of all labels. That buys a little of it with
    scores that are too high wherever the labels' frequencies differ from those that the model expects; the score is
    what people read. `to_labels` makes our labels' probabilities from the outputs'.
    """
    losses = [score_loss(to_labels(softmax(logits, t)), actual) for t in _TEMPERATURES]
    return float(_TEMPERATURES[int(np.argmin(losses))])


def expected_calibration_error(probabilities: Floats, actual: Ints) -> float:
    """The mean gap between score and accuracy over 15 bins of equal width (Guo et al., 2017)."""
    scores, hits = probabilities.max(axis=1), probabilities.argmax(axis=1) == actual
    bins = np.minimum((scores * _CALIBRATION_BINS).astype(int), _CALIBRATION_BINS - 1)
    gaps = [abs(float(np.sum(scores[bins == each] - hits[bins == each]))) for each in range(_CALIBRATION_BINS)]
    return sum(gaps) / len(actual)
