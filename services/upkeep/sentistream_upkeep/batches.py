"""Work on many rows, a little at a time, so that nobody waits for a lock."""

from collections.abc import Awaitable, Callable


async def in_batches(delete: Callable[[], Awaitable[int]]) -> int:
    """Repeat until nothing is left; how many rows were deleted."""
    total = 0
    while deleted := await delete():
        total += deleted
    return total
