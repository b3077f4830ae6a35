"""Notice when dead letters are no exception any more, which means that the worker is wrong and not the posts."""

from collections import deque


class FloodGuard:
    """Watches the share of dead letters among the newest entries.

    The idea is arroyo's DlqLimit, except that nothing is ever dropped: the worker pauses instead.
    """

    def __init__(self, *, ratio: float, window: int) -> None:
        self._ratio = ratio
        self._window = window
        self._batches: deque[tuple[int, int]] = deque()
        self._entries = 0
        self._dead = 0

    def record(self, *, entries: int, dead: int) -> None:
        """Add a finished batch; the oldest ones leave once the window holds enough without them."""
        self._batches.append((entries, dead))
        self._entries += entries
        self._dead += dead
        while self._entries - self._batches[0][0] >= self._window:
            old_entries, old_dead = self._batches.popleft()
            self._entries -= old_entries
            self._dead -= old_dead

    @property
    def is_flooded(self) -> bool:
        """Whether a full window holds more dead letters than the ratio allows."""
        return self._entries >= self._window and self._dead > self._ratio * self._entries

    def reset(self) -> None:
        """Forget the window, so that a new trial gets a full one."""
        self._batches.clear()
        self._entries = self._dead = 0
