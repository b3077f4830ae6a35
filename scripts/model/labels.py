"""The three labels, in the order of our models' outputs, and how other models' labels map to them."""

import re
from collections.abc import Mapping
from typing import Final

LABELS: Final = ("negative", "neutral", "positive")

_STARS = re.compile(r"^([1-5])\s*stars?$")


def map_labels(id2label: Mapping[int, str]) -> list[str]:
    """Return our label for each of a model's outputs, in the order of the outputs.

    Understands names that begin like ours ("NEG", "Positive", "neu"), and one to five stars: two
    and less are negative, three neutral. Raises `ValueError` for any other name, and if nothing
    is positive or nothing negative.
    """
    mapped = [_ours(id2label[index]) for index in sorted(id2label)]
    if not {"negative", "positive"} <= set(mapped):
        raise ValueError(f"labels {list(id2label.values())}: nothing there is positive, or nothing negative")
    return mapped


def parse_labels(text: str) -> list[str]:
    """Parse `negative,neutral,positive`, one of our labels for each output."""
    labels = text.split(",")
    if not {"negative", "positive"} <= set(labels) <= set(LABELS):
        raise ValueError(f"{text!r}: expected our labels ({', '.join(LABELS)}) joined by commas, one for each output")
    return labels


def _ours(theirs: str) -> str:
    name = theirs.strip().lower()
    if match := _STARS.match(name):
        stars = int(match[1])
        return "negative" if stars < 3 else "neutral" if stars == 3 else "positive"  # noqa: PLR2004
    for label in LABELS:
        if name.startswith(label[:3]):
            return label
    raise ValueError(f"label {theirs!r} is none that is known: say what each output means with --labels")
