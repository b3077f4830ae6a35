"""Labelled posts and how they become batches."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from model.labels import LABELS
from sentistream_worker.preprocess import preprocess

_POOL_BATCHES = 50


@dataclass(frozen=True, slots=True)
class Labelled:
    """Texts as the model reads them and the index of each one's label in `LABELS`."""

    texts: list[str]
    labels: list[int]

    def __len__(self) -> int:
        return len(self.labels)


def read_labelled(path: Path) -> Labelled:
    """Read `label<TAB>text` lines; raises `ValueError` naming the line that is not one."""
    texts: list[str] = []
    labels: list[int] = []
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            label, tab, text = line.rstrip("\n").partition("\t")
            if not tab or label not in LABELS:
                raise ValueError(f"{path}:{number}: expected one of {LABELS}, a tab and a text")
            texts.append(preprocess(text))
            labels.append(LABELS.index(label))
    if not texts:
        raise ValueError(f"{path}: no posts in it")
    return Labelled(texts, labels)


def read_targets(path: Path) -> tuple[list[str], NDArray[np.float32]]:
    """Read training posts; shape of the targets (posts, 3), rows sum to 1.

    The first field of a line is a label, as `read_labelled` reads it, or three probabilities in
    the order of `LABELS`, joined by commas, as `model.teach` writes them. The targets of a label
    are 0 and 1. Raises `ValueError` naming the line that has neither.
    """
    texts: list[str] = []
    targets: list[list[float]] = []
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            field, tab, text = line.rstrip("\n").partition("\t")
            target = _target(field)
            if not tab or target is None:
                raise ValueError(f"{path}:{number}: expected one of {LABELS} or three probabilities, a tab and a text")
            texts.append(preprocess(text))
            targets.append(target)
    if not texts:
        raise ValueError(f"{path}: no posts in it")
    return texts, np.array(targets, dtype=np.float32)


def _target(field: str) -> list[float] | None:
    if field in LABELS:
        return [float(field == label) for label in LABELS]
    try:
        probabilities = [float(part) for part in field.split(",")]
    except ValueError:
        return None
    total = sum(probabilities)
    if len(probabilities) != len(LABELS) or min(probabilities) < 0 or not 0.99 < total < 1.01:  # noqa: PLR2004
        return None
    return [probability / total for probability in probabilities]


def read_texts(path: Path) -> list[str]:
    """Read one post a line, without empty ones."""
    lines = path.read_text(encoding="utf-8").split("\n")
    return [text for text in map(preprocess, lines) if text]


def token_ids(tokenizer: Tokenizer, texts: Sequence[str], max_tokens: int) -> list[list[int]]:
    """Token ids of each text, special tokens included, cut to `max_tokens`, not padded."""
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_tokens)
    return [encoding.ids for encoding in tokenizer.encode_batch_fast(list(texts))]


def batches(lengths: Sequence[int], size: int, seed: int) -> Iterator[list[int]]:
    """Yield row indices in shuffled batches of `size` rows of similar length.

    Rows are shuffled, sorted by length within pools of 50 batches, and the batches of a pool are
    shuffled again. The same seed gives the same batches, so that training can be resumed.
    """
    shuffle = random.Random(seed).shuffle  # noqa: S311 (repeatable on purpose)
    rows = list(range(len(lengths)))
    shuffle(rows)
    pool_size = size * _POOL_BATCHES
    for start in range(0, len(rows), pool_size):
        pool = sorted(rows[start : start + pool_size], key=lengths.__getitem__)
        chunks = [pool[at : at + size] for at in range(0, len(pool), size)]
        shuffle(chunks)
        yield from chunks


def pad(sequences: Sequence[Sequence[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    """Token ids and attention mask, both int64 of shape (rows, longest); 0 pads."""
    longest = max(map(len, sequences))
    ids = torch.zeros(len(sequences), longest, dtype=torch.long)
    mask = torch.zeros_like(ids)
    for row, sequence in enumerate(sequences):
        ids[row, : len(sequence)] = torch.tensor(sequence)
        mask[row, : len(sequence)] = 1
    return ids, mask
