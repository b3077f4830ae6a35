"""Wait for a condition instead of for a time."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def eventually(get: Callable[[], Awaitable[T]], is_reached: Callable[[T], bool], *, seconds: float = 30.0) -> T:
    """Ask again and again until the value is right; fails with the last value when the time is over."""
    deadline = time.monotonic() + seconds
    while True:
        value = await get()
        if is_reached(value):
            return value
        assert time.monotonic() < deadline, f"after {seconds:.0f} s still {value!r}"
        await asyncio.sleep(0.02)
