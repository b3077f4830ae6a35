"""What was measured of a model, as Markdown."""

from collections.abc import Sequence
from typing import Any

from model.cases import cases_table
from model.labels import LABELS
from sentistream_worker.engine.manifest import Manifest

_ABOUT_CASES = """\
Right answers by kind, of cases written for the purpose (tests/model/cases.tsv). Nothing was trained on them, or chosen
by them."""


def card(manifest: Manifest, notes: str) -> str:
    """The model card: what the manifest's figures say, then `notes`."""
    figures = manifest.metrics
    parts = [
        f"# {manifest.name} {manifest.version}",
        f"Outputs: {', '.join(manifest.labels)}. 8-bit ONNX, at most {manifest.max_tokens} tokens a post.",
        f"## Measured on {' and '.join(figures['files'])}",
        quality_section(figures),
    ]
    if "cases" in figures:
        table = cases_table(figures["cases"]["cases"], figures["cases"]["right"])
        parts += ["## Hard cases", _ABOUT_CASES, table]
    return "\n\n".join([*parts, notes.strip()]).rstrip() + "\n"


def quality_section(figures: dict[str, Any]) -> str:
    """The tables of what `model.evaluate` measured, and a few lines."""
    by_precision = [_quality_row(kind, figures[kind]) for kind in ("float", "int8")]
    by_label = [_label_row(label, figures["int8"]["labels"][label]) for label in LABELS]
    lines = [
        f"{figures['posts']:,} posts; in brackets the interval that 95 % of samples of as many posts fall into.",
        "",
        *_table(["", "macro recall, %", "log loss", "accuracy, %"], by_precision),
        "",
        *_table(["int8", "posts", "precision, %", "recall, %", "F1, %"], by_label),
        "",
        *_cost(figures),
    ]
    if "against" in figures:
        lines += ["", *_comparison(figures["against"])]
    return "\n".join(lines)


def _quality_row(name: str, quality: dict[str, Any]) -> list[str]:
    recall = ", ".join(map(_percent, quality["macro_recall_interval"]))
    loss = ", ".join(f"{end:.3f}" for end in quality["log_loss_interval"])
    return [
        name,
        f"{_percent(quality['macro_recall'])} [{recall}]",
        f"{quality['log_loss']:.3f} [{loss}]",
        _percent(quality["accuracy"]),
    ]


def _label_row(label: str, metrics: dict[str, Any]) -> list[str]:
    return [
        label,
        f"{metrics['support']:,}",
        *(f"{100 * metrics[part]:.1f}" for part in ("precision", "recall", "f1")),
    ]


def _cost(figures: dict[str, Any]) -> list[str]:
    cost = figures["cost_of_8_bits"]
    recall, loss = (-cost[name]["difference"]["value"] for name in ("macro_recall", "log_loss"))
    changed = (
        f"8 bits instead of floats change macro recall by {100 * recall:+.2f} points and the log loss by {loss:+.4f}"
    )
    before, after = (100 * figures[f"calibration_error{kind}"] for kind in ("_uncalibrated", ""))
    return [
        f"{changed}; both agree on {_percent(figures['agreement'])} % of the labels.",
        f"Largest difference of a probability between batches: {figures['batch_difference']:.1e}.",
        f"Expected calibration error: {before:.2f} %;",
        f"with temperature {figures['temperature']:.3f}, cross-validated, {after:.2f} %.",
    ]


def _comparison(against: dict[str, Any]) -> list[str]:
    recall, loss = against["macro_recall"], against["log_loss"]

    def row(name: str, figure: dict[str, Any], scale: float, form: str) -> list[str]:
        gap = figure["difference"]
        low, high = (f"{scale * gap[end]:+{form}}" for end in ("low", "high"))
        return [
            name,
            *(f"{scale * figure[whose]:{form}}" for whose in ("ours", "theirs")),
            f"{scale * gap['value']:+{form}} [{low}, {high}]",
        ]

    files = ", ".join(against["files"])
    return [
        f"Paired with {against['model']} on {against['posts']:,} posts that neither was trained on ({files}):",
        "",
        *_table(
            ["", "this model", against["model"], "difference"],
            [row("macro recall, %", recall, 100, ".2f"), row("log loss", loss, 1, ".3f")],
        ),
    ]


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(row)} |" for row in (header, ["---"] * len(header), *rows)]


def _percent(share: float) -> str:
    return f"{100 * share:.2f}"
