"""How many posts a second are stored."""

from collections import deque
from typing import Final

_SECONDS: Final = 5.0


class Pace:
    """The mean over the last five seconds or, if nobody asked meanwhile, since somebody did."""

    def __init__(self) -> None:
        self._totals: deque[tuple[float, int]] = deque()

    def at(self, now: float, total: int) -> float:
        """Posts per second, with so many in all by now, on a monotonic clock; 0 at the first call."""
        self._totals.append((now, total))
        while len(self._totals) > 1 and now - self._totals[1][0] >= _SECONDS:
            self._totals.popleft()
        then, before = self._totals[0]
        return (total - before) / (now - then) if now > then else 0.0
