"""Deleting many rows in small batches, so that no lock is held for long."""

from collections.abc import Awaitable, Callable


async def in_batches(delete: Callable[[], Awaitable[int]]) -> int:
    """Repeat until no row is left. Returns how many rows were deleted."""
    total = 0
    while deleted := await delete():
        total += deleted
    return total
