"""Which texts are run through the model together."""

from collections.abc import Sequence
from math import ceil
from typing import Final

#: Tokens of one run, padding included. Large enough for efficient matrix products, small enough for
#: their intermediate results to stay in a core's cache. Measured: no difference between 256 and 512;
#: 64 is 11 % slower and 1,024 13 %. So the value need not be tuned for each machine.
BATCH_TOKENS: Final = 320


def plan_batches(lengths: Sequence[int], threads: int, budget: int = BATCH_TOKENS) -> list[list[int]]:
    """Group the indices of `lengths` so that groups have little padding and all threads finish at about the same time.

    Each index is in exactly one group; a group's size times its longest length is within `budget`
    (a text longer than that has a group of its own). Groups have about the same number of tokens, and
    their number is usually a multiple of `threads`. Longest texts come first.
    """
    longest_first = sorted(range(len(lengths)), key=lengths.__getitem__, reverse=True)
    tokens_left = sum(lengths)
    groups_left = threads * ceil(tokens_left / (threads * budget))
    groups: list[list[int]] = []
    start = 0
    while start < len(longest_first):
        longest = lengths[longest_first[start]]
        share = tokens_left / groups_left
        size = max(1, min(round(share / longest), budget // longest))
        group = longest_first[start : start + size]
        groups.append(group)
        start += size
        tokens_left -= sum(lengths[index] for index in group)
        groups_left = max(1, groups_left - 1)
    return groups
