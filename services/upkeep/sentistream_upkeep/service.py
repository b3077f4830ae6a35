"""Upkeep as a whole: it waits until it is the leader, then does every duty at its interval until SIGTERM."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any, NoReturn

from sentistream_core.background import end_tasks, start_task
from sentistream_core.backoff import Backoff
from sentistream_core.broker.client import connect
from sentistream_core.database.pool import Pool, create_pool, is_outage, postgresql
from sentistream_core.database.schema import wait_for_schema
from sentistream_core.dependency import Dependency, GivingUpError
from sentistream_core.log import get_logger
from sentistream_core.operations_server import Health, start_operations_server
from sentistream_core.shutdown import shutdown_requested
from sentistream_upkeep import metrics
from sentistream_upkeep.duty import Duty, DutyMaker, Tools, repeat
from sentistream_upkeep.leadership import lead
from sentistream_upkeep.settings import UpkeepSettings

_CONNECTIONS = 4
"""One holds the leader's lock, the others are for duties that run at the same time."""


async def run(settings: UpkeepSettings, duties: Sequence[DutyMaker]) -> None:
    """Do the duties until SIGTERM or SIGINT. An interrupted step is rolled back, and the next run repeats it."""
    stop = shutdown_requested()
    health = Health()
    start_operations_server(settings, health)
    database = postgresql()
    redis = connect(settings, f"upkeep-{settings.pod_name}")
    pool = create_pool(
        settings.database_url,
        name="sentistream-upkeep",
        size=_CONNECTIONS,
        timeout_seconds=settings.database_timeout_seconds,
    )
    tasks = [start_task(health.beat(), "heartbeat")]
    async with redis, pool:
        try:
            await wait_for_schema(pool, database, stop)
            work = partial(_do, [make(Tools(settings, redis, pool)) for make in duties])
            tasks.append(start_task(_lead_again(pool, work, database), "lead"))
            health.started()
            get_logger().info("upkeep started")
            await stop.wait()
        except GivingUpError as error:
            get_logger().info("stopped before startup was complete", error=str(error))
        finally:
            await end_tasks(tasks)
    get_logger().info("upkeep stopped")


async def _lead_again(pool: Pool, work: Callable[[], Coroutine[Any, Any, None]], database: Dependency) -> NoReturn:
    """Call `lead`, again after each outage of the database."""
    backoff = Backoff()
    while True:
        try:
            await lead(pool, work)
        except Exception as error:
            if not is_outage(error):
                raise
            database.failed(error)
        await asyncio.sleep(backoff.next_delay())


async def _do(duties: Sequence[Duty]) -> None:
    metrics.LEADING.set(1)
    try:
        async with asyncio.TaskGroup() as group:
            for duty in duties:
                group.create_task(repeat(duty), name=duty.name)
    finally:
        # Removed, because old values of a process that is no leader would look like an overdue duty.
        metrics.LEADING.set(0)
        metrics.LAST_SUCCESS.clear()
        metrics.INTERVAL.clear()
