"""Which share of the posts a cross-fitted teacher is not trained on."""

import argparse
import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def folds_of(texts: Sequence[str], folds: int) -> NDArray[np.int64]:
    """The fold, from 0, of each text. Equal texts have the same one, in whatever file and order they come."""
    return np.array([zlib.crc32(text.encode()) % folds for text in texts], dtype=np.int64)


def fold_argument(text: str) -> tuple[int, int]:
    """Parse `K/N`: fold K, from 0, of N."""
    fold, _, folds = text.partition("/")
    if not (fold.isdecimal() and folds.isdecimal() and int(fold) < int(folds)):
        raise argparse.ArgumentTypeError(f"{text!r}: expected K/N with K from 0 to N - 1, such as 0/4")
    return int(fold), int(folds)
