"""Locking the table `posts` exclusively for some milliseconds, while workers store and requests read.

Every session that needs the table queues behind a waiting exclusive lock. So each attempt waits only briefly and is
repeated, and nothing that takes long is done while the lock is held.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Final, TypeVar

from psycopg import AsyncConnection
from psycopg.errors import LockNotAvailable
from psycopg.sql import SQL, Identifier

from sentistream_core.database.lock_holders import lock_holders
from sentistream_core.database.pool import Pool
from sentistream_core.log import get_logger

T = TypeVar("T")

_CHANGES: Final = 0x53454E5450
"""Key of an advisory lock."""

_LOCK_MILLISECONDS: Final = 75
"""Time limit of one attempt. A worker waits at most this long and for the change itself."""
_CHANGE_MILLISECONDS: Final = 1_000
_TRIES: Final = 60
_PAUSE_SECONDS: Final = 0.5


@asynccontextmanager
async def changing_partitions(connection: AsyncConnection[Any]) -> AsyncIterator[None]:
    """A transaction during which no other process changes partitions: two upkeep processes may be active briefly."""
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock(%s)", [_CHANGES])
        yield


async def be_alone(connection: AsyncConnection[Any], *partitions: str) -> None:
    """Lock `posts` exclusively until the transaction ends. Each further statement has a time limit of a second.

    Raises:
        psycopg.errors.LockNotAvailable: other sessions are using the table.
    """
    for name in partitions:
        # Of what runs for long, only VACUUM and ANALYZE conflict with this lock. Autovacuum gives way after a second.
        await connection.execute(SQL("LOCK TABLE {} IN SHARE UPDATE EXCLUSIVE MODE").format(Identifier(name)))
    await connection.execute(f"SET LOCAL lock_timeout = {_LOCK_MILLISECONDS}")
    await connection.execute(f"SET LOCAL statement_timeout = {_CHANGE_MILLISECONDS}")
    await connection.execute("LOCK TABLE ONLY posts IN ACCESS EXCLUSIVE MODE")


async def until_alone(pool: Pool, change: Callable[[], Awaitable[T]]) -> T:
    """Repeat a change, up to 60 times half a second apart, until it gets the exclusive lock.

    Raises:
        psycopg.errors.LockNotAvailable: no attempt got the lock; the log names the sessions that hold locks.
    """
    for _ in range(_TRIES - 1):
        try:
            return await change()
        except LockNotAvailable:
            await asyncio.sleep(_PAUSE_SECONDS)
    try:
        return await change()
    except LockNotAvailable:
        holders = await lock_holders(pool, milliseconds=_LOCK_MILLISECONDS)
        get_logger().warning("table posts is in use all the time, its partitions stay unchanged", held_by=holders)
        raise
