"""Leader election: of several processes, the one that holds an advisory lock of the database does the work."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final, NoReturn

from sentistream_core.background import end_tasks, start_task
from sentistream_core.database.pool import Pool
from sentistream_core.log import get_logger

_LOCK: Final = 0x53454E5455
_EVERY_SECONDS: Final = 2.0
"""Time between two attempts to take the lock, and between two checks that it is still held."""


async def lead(pool: Pool, work: Callable[[], Coroutine[Any, Any, None]]) -> NoReturn:
    """Wait until no other process leads; then run `work` until this process loses the lock or is cancelled.

    The lock belongs to a transaction that stays open, not to a session, so that it also works through a pooler in
    transaction mode. The transaction holds no snapshot, so it does not keep rows from being vacuumed. When the
    connection breaks, the server releases the lock, perhaps before this process notices: for some seconds two processes
    may do the work.

    Raises:
        psycopg.Error: the connection to the database was lost; the work has ended.
    """
    while True:
        async with pool.connection() as connection, connection.transaction():
            cursor = await connection.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
            if await cursor.fetchone() == (True,):
                get_logger().info("this process does the duties from now on")
                working = start_task(work(), "work of the leader")
                try:
                    while True:
                        await asyncio.sleep(_EVERY_SECONDS)
                        await connection.execute("SELECT 1")
                finally:
                    await end_tasks([working])
        await asyncio.sleep(_EVERY_SECONDS)
