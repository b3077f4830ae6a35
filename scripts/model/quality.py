"""The figures of a model: what its floats and its 8 bits get right, and how they compare. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from model.bootstrap import difference, interval, log_loss_figure, recall_figure
from model.labels import LABELS
from model.metrics import (
    Floats,
    Ints,
    class_metrics,
    expected_calibration_error,
    fit_temperature,
    softmax,
)


def evaluate(
    float_logits: Floats, integer_logits: Floats, shuffled: Floats, actual: Ints, outputs: Sequence[str]
) -> tuple[dict[str, Any], Floats]:
    """The figures, and the 8-bit model's probabilities, of shape (posts, 3), at its temperature.

    `shuffled` are the 8-bit model's logits in other batches; `outputs` says which of `LABELS` each output is. Floats
    and 8 bits each have the temperature that fits them best. The calibration error is cross-validated: the temperature
    is fitted on one half of the posts and the error measured on the other, and the other way round.
    """

    def summed(rows: Floats) -> Floats:
        return to_labels(rows, outputs)

    def at_its_best(logits: Floats) -> tuple[Floats, float]:
        temperature = fit_temperature(logits, actual, summed)
        return summed(softmax(logits, temperature)), temperature

    floats, _ = at_its_best(float_logits)
    integers, temperature = at_its_best(integer_logits)
    others = summed(softmax(shuffled, temperature))
    figures = {
        "posts": len(actual),
        "float": quality(floats, actual),
        "int8": quality(integers, actual),
        "cost_of_8_bits": compare(floats, integers, actual),
        "agreement": float(np.mean(floats.argmax(1) == integers.argmax(1))),
        "batch_difference": float(np.abs(integers - others).max()),
        "temperature": temperature,
        "calibration_error_uncalibrated": expected_calibration_error(summed(softmax(integer_logits)), actual),
        "calibration_error": expected_calibration_error(_cross_calibrated(integer_logits, actual, summed), actual),
    }
    return figures, integers


def compare(ours: Floats, theirs: Floats, actual: Ints) -> dict[str, Any]:
    """Both models' macro recall and log loss on the same posts, and ours less theirs with its interval."""
    figures: dict[str, Any] = {"posts": len(actual)}
    for name, figure in (("macro_recall", recall_figure), ("log_loss", log_loss_figure)):
        gap = interval(difference(figure(ours, actual), figure(theirs, actual)), len(actual))
        everyone = np.ones((1, len(actual)))
        figures[name] = {
            "ours": float(figure(ours, actual)(everyone)[0]),
            "theirs": float(figure(theirs, actual)(everyone)[0]),
            "difference": asdict(gap),
        }
    return figures


def quality(probabilities: Floats, actual: Ints) -> dict[str, Any]:
    """Macro recall and log loss with their intervals, accuracy, and each label's precision, recall and F1."""
    predicted = probabilities.argmax(axis=1)
    recall = interval(recall_figure(probabilities, actual), len(actual))
    loss = interval(log_loss_figure(probabilities, actual), len(actual))
    return {
        "macro_recall": recall.value,
        "macro_recall_interval": [recall.low, recall.high],
        "log_loss": loss.value,
        "log_loss_interval": [loss.low, loss.high],
        "accuracy": float(np.mean(predicted == actual)),
        "labels": dict(zip(LABELS, map(asdict, class_metrics(predicted, actual, len(LABELS))), strict=True)),
    }


def to_labels(probabilities: Floats, outputs: Sequence[str]) -> Floats:
    """Add up the outputs of each of `LABELS`; shape (rows, 3)."""
    summed = [probabilities[:, [output == label for output in outputs]].sum(axis=1) for label in LABELS]
    return np.stack(summed, axis=1)


def _cross_calibrated(logits: Floats, actual: Ints, summed: Callable[[Floats], Floats]) -> Floats:
    halves = np.arange(len(actual)) % 2
    crossed = np.empty((len(actual), len(LABELS)))
    for half in (0, 1):
        temperature = fit_temperature(logits[halves != half], actual[halves != half], summed)
        crossed[halves == half] = summed(softmax(logits[halves == half], temperature))
    return crossed
