"""Evaluate an exported model and its 8-bit version on labelled posts.

Prints the figures of both, fits the temperature of the 8-bit one, and writes all of it as JSON.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from model.data import read_labelled, token_ids
from model.folder import load_tokenizer
from model.labels import LABELS
from model.metrics import (
    Floats,
    Ints,
    class_metrics,
    expected_calibration_error,
    fit_temperature,
    macro_recall,
    negative_log_likelihood,
    softmax,
)
from model.predict import logits


def main(argv: list[str] | None = None) -> None:
    """Evaluate as the command line says."""
    options = parser().parse_args(argv)
    posts = read_labelled(options.validation)
    tokens = token_ids(load_tokenizer(str(options.folder)), posts.texts, options.max_tokens)
    outputs = json.loads((options.folder / "labels.json").read_text())
    figures = evaluate(
        logits(options.folder / "model.onnx", tokens),
        logits(options.integer, tokens),
        logits(options.integer, tokens, shuffle=1),
        np.array(posts.labels),
        outputs,
    )
    print(table(figures))
    if options.out:
        options.out.write_text(json.dumps(figures, indent=2) + "\n")


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    parse = argparse.ArgumentParser(prog="python -m model.evaluate", description=__doc__)
    parse.add_argument("folder", type=Path, help="made by model.export")
    parse.add_argument("--integer", type=Path, required=True, metavar="FILE", help="made by model.quantise")
    parse.add_argument("--validation", type=Path, required=True, metavar="FILE")
    parse.add_argument("--max-tokens", type=int, default=128)
    parse.add_argument("--out", type=Path, metavar="FILE", help="the figures as JSON")
    return parse


def evaluate(
    float_logits: Floats, integer_logits: Floats, shuffled: Floats, actual: Ints, outputs: Sequence[str]
) -> dict[str, Any]:
    """Compare the float model and the integer model, whose second logits are of other batches.

    Calibration after fitting is cross-validated: the temperature is fitted on one half of the
    posts and the error measured on the other, and the other way round.
    """
    temperature = fit_temperature(integer_logits, _targets(actual, outputs))
    probabilities = to_labels(softmax(integer_logits, temperature), outputs)
    halves = np.arange(len(actual)) % 2
    crossed = np.empty_like(probabilities)
    for half in (0, 1):
        fitted = fit_temperature(integer_logits[halves != half], _targets(actual[halves != half], outputs))
        crossed[halves == half] = to_labels(softmax(integer_logits[halves == half], fitted), outputs)
    before = to_labels(softmax(integer_logits), outputs)
    others = to_labels(softmax(shuffled, temperature), outputs)
    float_probabilities = to_labels(softmax(float_logits, temperature), outputs)
    return {
        "posts": len(actual),
        "float": _quality(float_probabilities, actual),
        "int8": _quality(probabilities, actual),
        "agreement": float(np.mean(float_probabilities.argmax(1) == probabilities.argmax(1))),
        "batch_difference": float(np.abs(probabilities - others).max()),
        "temperature": temperature,
        "calibration_error_uncalibrated": expected_calibration_error(before, actual),
        "calibration_error": expected_calibration_error(crossed, actual),
        "negative_log_likelihood": negative_log_likelihood(crossed, actual),
    }


def to_labels(probabilities: Floats, outputs: Sequence[str]) -> Floats:
    """Add up the outputs of each of `LABELS`; shape (rows, 3)."""
    summed = [probabilities[:, [output == label for output in outputs]].sum(axis=1) for label in LABELS]
    return np.stack(summed, axis=1)


def table(figures: dict[str, Any]) -> str:
    """Return the figures as a Markdown table and a few lines."""
    rows = [
        "| | macro recall | accuracy | " + " | ".join(f"{label} P / R / F1" for label in LABELS) + " |",
        "|---|---|---|" + "---|" * len(LABELS),
    ]
    for kind in ("float", "int8"):
        quality = figures[kind]
        classes = [
            " / ".join(f"{100 * quality['labels'][label][part]:.1f}" for part in ("precision", "recall", "f1"))
            for label in LABELS
        ]
        rows.append(
            f"| {kind} | {100 * quality['macro_recall']:.2f} | {100 * quality['accuracy']:.2f} | "
            + " | ".join(classes)
            + " |"
        )
    rows += [
        "",
        f"{figures['posts']} posts; both agree on {100 * figures['agreement']:.2f} % of the labels.",
        f"Largest difference of a probability between batches: {figures['batch_difference']:.1e}.",
        f"Expected calibration error: {100 * figures['calibration_error_uncalibrated']:.2f} %;",
        f"with temperature {figures['temperature']:.3f}, cross-validated, {100 * figures['calibration_error']:.2f} %.",
    ]
    return "\n".join(rows)


def _targets(actual: Ints, outputs: Sequence[str]) -> Ints:
    """For each row, the first output that stands for its label (the temperature needs one)."""
    first = np.array([outputs.index(label) if label in outputs else 0 for label in LABELS])
    targets: Ints = first[actual]
    return targets


def _quality(probabilities: Floats, actual: Ints) -> dict[str, Any]:
    predicted = probabilities.argmax(axis=1)
    return {
        "macro_recall": macro_recall(predicted, actual),
        "accuracy": float(np.mean(predicted == actual)),
        "labels": dict(zip(LABELS, map(asdict, class_metrics(predicted, actual, len(LABELS))), strict=True)),
    }


if __name__ == "__main__":
    main()
