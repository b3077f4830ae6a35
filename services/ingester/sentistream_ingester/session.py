"""The broker connection of a run, its back-pressure, and a limited time for shutdown."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sentistream_core.background import start_task
from sentistream_core.broker.client import connect
from sentistream_core.dependency import GivingUpError
from sentistream_core.tracing import trace_posts
from sentistream_ingester.backpressure import BackPressure, Limits
from sentistream_ingester.broker import Broker
from sentistream_ingester.settings import IngesterSettings
from sentistream_ingester.writer import StreamWriter

LEAVE_WITHIN_SECONDS = 1.0
"""Time that the current write gets after the signal; without a limit, a broker that hangs would delay shutdown."""


@dataclass(frozen=True, slots=True)
class BrokerSession:
    broker: Broker
    writer: StreamWriter
    back_pressure: BackPressure


@asynccontextmanager
async def broker_session(source: str, settings: IngesterSettings, stop: asyncio.Event) -> AsyncIterator[BrokerSession]:
    """Connect and measure the load within the block, then close. `source` is a label of metrics."""
    redis = connect(settings, f"ingester {settings.pod_name}")
    limits = Limits(backlog=settings.ingester_max_backlog, memory_share=settings.ingester_max_memory_share)
    back_pressure = BackPressure(redis, settings.topology, limits, source=source)
    leaving = asyncio.Event()
    watching = start_task(back_pressure.watch(leaving), "back-pressure")
    try:
        with trace_posts("ingester", settings) as tracing:
            broker = Broker(redis, give_up=stop)
            yield BrokerSession(broker, StreamWriter(broker, settings.topology, tracing, source=source), back_pressure)
    finally:
        # Not only cancelled: before Python 3.12, wait_for, which redis-py uses, may lose a cancellation.
        leaving.set()
        await asyncio.wait({watching}, timeout=LEAVE_WITHIN_SECONDS)
        watching.cancel()
        await redis.aclose()


async def until_stopped(work: Coroutine[None, None, None], stop: asyncio.Event) -> None:
    """Run the work to its end, or until shortly after `stop` is set.

    Raises:
        Exception: what the work raised.
    """
    working = asyncio.create_task(work)
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    await asyncio.wait({working}, timeout=LEAVE_WITHIN_SECONDS)
    working.cancel()
    try:
        await working
    except (GivingUpError, asyncio.CancelledError):
        # The caller's summary shows what was not sent.
        if not stop.is_set():
            raise
