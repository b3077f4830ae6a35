"""Tasks that run beside the main work until they are ended."""

import asyncio
from collections.abc import Collection, Coroutine
from typing import Any

from sentistream_core.log import get_logger


def start_task(work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
    """Start work that goes on until it is ended; if it fails before, the log says so at once."""
    task = asyncio.create_task(work, name=name)
    task.add_done_callback(_report_failure)
    return task


def _report_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()):
        get_logger().error("background task failed", task=task.get_name(), exc_info=error)


async def end_tasks(tasks: Collection[asyncio.Task[Any]]) -> None:
    """Cancel the tasks and wait until they have ended, however they end.

    Before Python 3.12, `asyncio.wait_for`, which redis-py writes with, may lose a cancellation that comes when its
    operation completes; so the tasks are cancelled again until they are gone.
    """
    pending: set[asyncio.Task[Any]] = set(tasks)
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=0.5)
