"""Which process reads a source: the one that holds the lease; the others are on standby."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sentistream_core.background import end_tasks, start_task
from sentistream_core.dependency import GivingUpError
from sentistream_core.log import get_logger
from sentistream_core.shutdown import wait_at_most
from sentistream_ingester.lease import LOOK_EVERY_SECONDS, Lease, LeaseLostError
from sentistream_ingester.metrics import ACTIVE, LAST_EVENT, LOST_SECONDS


async def wait_for_turn(lease: Lease, source: str, stop: asyncio.Event) -> bool:
    """Wait until this process holds the lease. Returns False if it has to stop. `source` is a label of metrics.

    Raises:
        GivingUpError: the broker was away until the process had to stop.
    """
    ACTIVE.labels(source).set(0)
    if not await lease.take():
        get_logger().info("standing by: another process reads the source")
        while not await lease.take():
            if await wait_at_most(stop, LOOK_EVERY_SECONDS):
                return False
        get_logger().info("reading the source: it is this process's turn")
    ACTIVE.labels(source).set(1)
    LAST_EVENT.labels(source).set_to_current_time()
    LOST_SECONDS.labels(source)  # exported as 0 from the start, so that Prometheus sees its first increase
    return not stop.is_set()


@asynccontextmanager
async def holding(lease: Lease) -> AsyncIterator[asyncio.Event]:
    """Renew the lease within the block. The event is set if it is lost; otherwise it is released at the end.

    Raises:
        GivingUpError: the broker was away until the process had to stop.
    """
    lost = asyncio.Event()
    keeping = start_task(_keep(lease, lost), "lease")
    try:
        yield lost
    finally:
        await end_tasks([keeping])
    if not lost.is_set():
        await _keep_once(lease, lost)
        await lease.release()


async def _keep(lease: Lease, lost: asyncio.Event) -> None:
    try:
        while not await wait_at_most(lost, LOOK_EVERY_SECONDS):
            await _keep_once(lease, lost)
    except GivingUpError:
        pass  # the writer gets the same error and logs it


async def _keep_once(lease: Lease, lost: asyncio.Event) -> None:
    try:
        await lease.keep()
    except LeaseLostError:
        lost.set()
