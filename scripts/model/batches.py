"""Which texts share a step of training."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

#: Widths of padded batches are multiples of this, so that a compiled network meets few shapes.
WIDTH_STEP = 8


def plan_batches(
    lengths: NDArray[np.int64], steps: int, size: Callable[[int], int], seed: int
) -> list[NDArray[np.int64]]:
    """Row numbers of exactly `steps` batches.

    A batch has `size(width)` rows whose lengths round up to the same width, a multiple of `WIDTH_STEP`. Epoch follows
    epoch, each in another order; rows that do not fill a batch wait for the next one's. Rows of one epoch come once
    each before any comes again, but for those that wait. The same arguments give the same plan, so that training can
    be resumed.
    """
    widths = -(-lengths // WIDTH_STEP) * WIDTH_STEP
    generator = np.random.default_rng(seed)
    waiting: dict[int, NDArray[np.int64]] = {int(width): np.zeros(0, dtype=np.int64) for width in np.unique(widths)}
    plan: list[NDArray[np.int64]] = []
    while len(plan) < steps:
        order = generator.permutation(len(lengths))
        epoch: list[NDArray[np.int64]] = []
        for width, before in waiting.items():
            rows = np.concatenate([before, order[widths[order] == width]])
            whole = len(rows) // size(width) * size(width)
            epoch += [rows[start : start + size(width)] for start in range(0, whole, size(width))]
            waiting[width] = rows[whole:]
        plan += [epoch[index] for index in generator.permutation(len(epoch))]
    return plan[:steps]


def posts(number: int) -> Callable[[int], int]:
    """Batches of `number` posts."""
    return lambda _: number


def tokens(number: int) -> Callable[[int], int]:
    """Batches of at most `number` tokens, padding included, and at least one post."""
    return lambda width: max(1, number // width)


def reading_batches(lengths: NDArray[np.int64], budget: int = 16_384) -> list[NDArray[np.int64]]:
    """Row numbers of batches to run a network on, longest rows first, each of at most `budget` tokens with padding."""
    order = np.argsort(-lengths, kind="stable")
    batches: list[NDArray[np.int64]] = []
    while len(order):
        size = tokens(budget)(int(-(-lengths[order[0]] // WIDTH_STEP) * WIDTH_STEP))
        batches.append(order[:size])
        order = order[size:]
    return batches
