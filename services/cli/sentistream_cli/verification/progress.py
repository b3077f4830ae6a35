"""Progress of what takes long, for whoever waits."""

import sys
import time
from collections.abc import Callable
from typing import Final

_EVERY_SECONDS: Final = 2.0


def counting() -> Callable[[int, int, int], None]:
    """Prints how many partitions and posts are counted, every two seconds, to standard error."""
    printed_at = time.monotonic()

    def tell(done: int, tables: int, posts: int) -> None:
        nonlocal printed_at
        if time.monotonic() - printed_at >= _EVERY_SECONDS:
            printed_at = time.monotonic()
            print(f"counted {posts:,} posts in {done} of {tables} partitions", file=sys.stderr, flush=True)

    return tell
