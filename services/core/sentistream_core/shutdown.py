"""Graceful shutdown: the first SIGTERM or SIGINT requests it, the second one ends the process at once."""

import asyncio
import os
import signal
from typing import TypeVar

from sentistream_core.log import get_logger

T = TypeVar("T")


def shutdown_requested() -> asyncio.Event:
    """An event that is set by the first SIGTERM or SIGINT. Call once, inside the running event loop."""
    requested = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, _on_signal, number, requested)
    return requested


def _on_signal(number: signal.Signals, requested: asyncio.Event) -> None:
    if requested.is_set():
        get_logger().warning("second signal, leaving at once", signal=number.name)
        os._exit(128 + number)
    get_logger().info("shutting down", signal=number.name)
    requested.set()


async def wait_at_most(event: asyncio.Event, seconds: float) -> bool:
    """Wait for the event for at most `seconds`. Returns whether it is set."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True
