"""Which texts share a run of the model. Pure: lengths in, groups of indices out."""

from collections.abc import Sequence
from typing import Final

#: Tokens of one run, padding included. Large enough to keep the matrix products busy, small
#: enough for their intermediate results to stay in a core's cache. Between 256 and 512 the speed is flat;
#: 64 is 11 % slower and 1,024 13 %, so there is nothing to calibrate at the start.
BATCH_TOKENS: Final = 384


def plan_batches(lengths: Sequence[int], threads: int, budget: int = BATCH_TOKENS) -> list[list[int]]:
    """Group the indices of `lengths` so that every group is short on padding.

    Each index is in exactly one group; a group's size times its longest length is within `budget`
    (a text longer than that has a group of its own), and within the share of each of `threads`,
    so that none is left without work. Longest groups come first, so that the threads finish
    together.
    """
    if not lengths:
        return []
    budget = min(budget, sum(lengths) // threads)
    groups: list[list[int]] = []
    for index in sorted(range(len(lengths)), key=lengths.__getitem__, reverse=True):
        # Sorted longest first, so a group's first text sets its padded length.
        if groups and (len(groups[-1]) + 1) * lengths[groups[-1][0]] <= budget:
            groups[-1].append(index)
        else:
            groups.append([index])
    return groups
