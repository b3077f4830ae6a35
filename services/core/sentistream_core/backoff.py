"""How long to wait before trying again."""

import random


class Backoff:
    """Exponential back-off with full jitter, in seconds.

    Source: "Exponential Backoff and Jitter", AWS Architecture Blog, 2015. Jitter keeps many workers from returning to a
    recovering server in step.
    """

    def __init__(self, *, first: float = 0.1, most: float = 5.0) -> None:
        self._first = first
        self._most = most
        self._failures = 0

    def next_delay(self) -> float:
        """A delay in [first / 2, most]; the expected one doubles with each call until `reset`."""
        ceiling = min(self._most, self._first * 2**self._failures)
        self._failures = min(self._failures + 1, 30)
        return random.uniform(self._first / 2, max(ceiling, self._first / 2))  # noqa: S311 (no secret depends on it)

    def reset(self) -> None:
        self._failures = 0
