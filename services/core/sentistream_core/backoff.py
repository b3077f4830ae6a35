"""How long to wait before trying again."""

import random


class Backoff:
    """Exponential back-off with jitter, in seconds.

    Source: "Exponential Backoff and Jitter", AWS Architecture Blog, 2015 ("full jitter", here with a lower bound).
    Jitter keeps many workers from returning to a recovering server at the same moment.
    """

    def __init__(self, *, first: float = 0.1, most: float = 5.0) -> None:
        self._first = first
        self._most = most
        self._failures = 0

    def next_delay(self) -> float:
        """A random delay from `first / 2` up. Its upper bound doubles with each call until `reset`, up to `most`."""
        ceiling = min(self._most, self._first * 2**self._failures)
        self._failures = min(self._failures + 1, 30)
        return random.uniform(self._first / 2, max(ceiling, self._first / 2))  # noqa: S311 (no secret depends on it)

    def reset(self) -> None:
        self._failures = 0
