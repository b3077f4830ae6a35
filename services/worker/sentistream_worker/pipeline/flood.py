"""Detects that so many entries become dead letters that the fault is probably in the worker, not in the posts."""

from collections import deque


class FloodGuard:
    """Measures the share of dead letters among the newest entries.

    Modelled on arroyo's DlqLimit, except that no entry is dropped: the worker pauses instead.
    """

    def __init__(self, *, ratio: float, window: int) -> None:
        self._ratio = ratio
        self._window = window
        self._batches: deque[tuple[int, int]] = deque()
        self._entries = 0
        self._dead = 0

    def record(self, *, entries: int, dead: int) -> None:
        """Add a finished batch. The oldest batches are removed while the window is full without them."""
        self._batches.append((entries, dead))
        self._entries += entries
        self._dead += dead
        while self._entries - self._batches[0][0] >= self._window:
            old_entries, old_dead = self._batches.popleft()
            self._entries -= old_entries
            self._dead -= old_dead

    @property
    def is_flooded(self) -> bool:
        """Whether the window is full and has more dead letters than the ratio allows."""
        return self._entries >= self._window and self._dead > self._ratio * self._entries

    def reset(self) -> None:
        """Empty the window, so that the next decision is based on a full window of new entries."""
        self._batches.clear()
        self._entries = self._dead = 0
