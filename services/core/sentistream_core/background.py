"""Tasks that run beside the main work until they are ended."""

import asyncio
from collections.abc import Collection, Coroutine
from typing import Any

from sentistream_core.log import get_logger


def start_task(work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
    """Start work that runs until it is cancelled. If it fails before that, the error is logged at once."""
    task = asyncio.create_task(work, name=name)
    task.add_done_callback(_report_failure)
    return task


def _report_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()):
        get_logger().error("background task failed", task=task.get_name(), exc_info=error)


async def end_tasks(tasks: Collection[asyncio.Task[Any]]) -> None:
    """Cancel the tasks and wait until they have ended. Their errors are not raised.

    Before Python 3.12, `asyncio.wait_for`, which redis-py uses for writing, may lose a cancellation that arrives just
    as its operation completes. So the tasks are cancelled again every half second until all have ended.
    """
    pending: set[asyncio.Task[Any]] = set(tasks)
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=0.5)
