"""Files of posts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from model.labels import LABELS
from sentistream_worker.preprocess import preprocess

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Labelled:
    """Texts as the model reads them and the index of each one's label in `LABELS`."""

    texts: list[str]
    labels: list[int]

    def __len__(self) -> int:
        return len(self.labels)

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """All posts of `parts`, in their order."""
        return cls([text for part in parts for text in part.texts], [label for part in parts for label in part.labels])


def read_labelled(path: Path) -> Labelled:
    """Read `label<TAB>text` lines; raises `ValueError` naming the line that is not one."""

    def label(field: str) -> int | None:
        return LABELS.index(field) if field in LABELS else None

    texts, labels = _read(path, label, f"one of {LABELS}")
    return Labelled(texts, labels)


def read_soft(path: Path) -> tuple[list[str], NDArray[np.float32]]:
    """Read what `model.label` writes: texts, and their probabilities of shape (posts, 3) whose rows sum to 1.

    A line has the probabilities in the order of `LABELS`, joined by commas, a tab and the text. Raises `ValueError`
    naming the line that has not.
    """
    texts, probabilities = _read(path, _probabilities, "three probabilities")
    return texts, np.array(probabilities, dtype=np.float32)


def read_posts(path: Path) -> list[str]:
    """Read texts: the posts of a labelled file, or a `.txt` file's lines without empty ones."""
    if path.suffix != ".txt":
        return read_labelled(path).texts
    texts = [text for text in map(preprocess, path.read_text(encoding="utf-8").split("\n")) if text]
    if not texts:
        raise ValueError(f"{path}: no posts in it")
    return texts


def _read(path: Path, parse: Callable[[str], _Value | None], expected: str) -> tuple[list[str], list[_Value]]:
    texts: list[str] = []
    values: list[_Value] = []
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            field, tab, text = line.rstrip("\n").partition("\t")
            value = parse(field)
            if not tab or value is None:
                raise ValueError(f"{path}:{number}: expected {expected}, a tab and a text")
            texts.append(preprocess(text))
            values.append(value)
    if not texts:
        raise ValueError(f"{path}: no posts in it")
    return texts, values


def _probabilities(field: str) -> list[float] | None:
    try:
        values = [float(part) for part in field.split(",")]
    except ValueError:
        return None
    total = sum(values)
    if len(values) != len(LABELS) or min(values) < 0 or not 0.99 < total < 1.01:  # noqa: PLR2004
        return None
    return [value / total for value in values]
