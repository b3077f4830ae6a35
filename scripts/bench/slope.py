"""How fast a figure grows, with a confidence interval."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

_BLOCKS = 10
_T_95 = 2.306
"""Student's t for 95 % on both sides, with `_BLOCKS - 2` degrees of freedom."""


@dataclass(frozen=True, slots=True)
class Slope:
    """Units of the values per unit of the times, and the bounds of its 95 % confidence interval."""

    value: float
    low: float
    high: float


def slope(times: Sequence[float], values: Sequence[float]) -> Slope:
    """Least squares over the means of ten blocks.

    Samples that follow each other are alike (a garbage collection, a checkpoint), so that taking each as evidence of
    its own would promise more than there is; means of blocks are nearly independent (batch means, Law 2015, 9.5.3).

    Raises:
        ValueError: there is not a sample for each block.
    """
    if len(times) < _BLOCKS:
        raise ValueError(f"{len(times)} samples are too few, at least {_BLOCKS} are needed")
    bounds = [len(times) * block // _BLOCKS for block in range(_BLOCKS + 1)]
    blocks = [slice(begin, end) for begin, end in pairwise(bounds)]
    x, y = [fmean(times[block]) for block in blocks], [fmean(values[block]) for block in blocks]
    mean_x, mean_y = fmean(x), fmean(y)
    spread = sum((each - mean_x) ** 2 for each in x)
    value = sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True)) / spread
    residuals = sum((b - mean_y - value * (a - mean_x)) ** 2 for a, b in zip(x, y, strict=True))
    margin = _T_95 * (residuals / (_BLOCKS - 2) / spread) ** 0.5
    return Slope(value, value - margin, value + margin)
