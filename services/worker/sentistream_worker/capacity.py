"""How many posts per second this worker can classify, for the autoscaler and the dashboard."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from sentistream_worker import metrics
from sentistream_worker.model import Model

_WARM_UP_TEXT = "The 8:15 to the city was on time again, which I did not expect after last week @northline #commute"
_WARM_UP_TEXTS = 256


class Capacity:
    """A moving average of the classification speed, over batches of at least `full_batch` posts.

    Smaller batches are left out: they show how fast posts arrive, not how fast the worker could be. While several
    batches are classified at the same time, each is charged an equal share of the time.
    """

    def __init__(self, *, full_batch: int, weight: float = 0.1) -> None:
        self._full_batch = full_batch
        self._weight = weight
        self._active = 0
        self._share = 0.0
        self._share_at = time.perf_counter()
        self.posts_per_second = 0.0

    @contextmanager
    def measure(self, posts: int) -> Iterator[None]:
        """Measure how long the block takes to classify `posts` posts."""
        begin = self._shared_time(started=1)
        try:
            yield
        finally:
            self._measured(posts, self._shared_time(started=-1) - begin)

    def _shared_time(self, *, started: int) -> float:
        """Seconds so far, each divided by the number of active batches. Then changes that number by `started`."""
        now = time.perf_counter()
        self._share += (now - self._share_at) / max(1, self._active)
        self._share_at = now
        self._active += started
        return self._share

    def _measured(self, posts: int, seconds: float) -> None:
        if posts < self._full_batch or seconds <= 0:
            return
        rate = posts / seconds
        known = self.posts_per_second
        self.posts_per_second = known + self._weight * (rate - known) if known else rate
        metrics.CAPACITY.set(self.posts_per_second)


def warm_up(model: Model, capacity: Capacity) -> None:
    """Make a first estimate before the first post. The model's first run, which is slow, then delays no post."""
    texts = [_WARM_UP_TEXT] * _WARM_UP_TEXTS
    model.classify(texts[:16])
    with capacity.measure(len(texts)):
        model.classify(texts)
