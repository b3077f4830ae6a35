"""Which of several processes does the work: the one that holds an advisory lock of the database."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final, NoReturn

from sentistream_core.background import end_tasks, start_task
from sentistream_core.database.pool import Pool
from sentistream_core.log import get_logger

_LOCK: Final = 0x53454E5455
_EVERY_SECONDS: Final = 2.0
"""Between two tries to take the lock, and between two looks whether it is still held."""


async def lead(pool: Pool, work: Callable[[], Coroutine[Any, Any, None]]) -> NoReturn:
    """Wait until no other process leads; then do the work, which does not end by itself, for as long as this one does.

    The lock belongs to a transaction that stays open, and not to a session, so that it also holds through a pooler that
    hands out connections by the transaction. The transaction reads nothing: it keeps no row from being vacuumed.
    A broken connection loses the lock at once and is noticed within seconds: for so long two processes may work.

    Raises:
        psycopg.Error: the database is away; the work has ended.
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
