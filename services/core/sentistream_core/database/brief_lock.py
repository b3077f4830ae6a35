"""Having the table `posts` alone for some milliseconds, while workers store and requests read.

Who asks for such a lock stands before all that come later. So it is asked for briefly, again and again, and nothing
that takes long is done while it is held.
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
"""With the change itself this is the longest that a worker waits."""
_CHANGE_MILLISECONDS: Final = 1_000
_TRIES: Final = 60
_PAUSE_SECONDS: Final = 0.5


@asynccontextmanager
async def changing_partitions(connection: AsyncConnection[Any]) -> AsyncIterator[None]:
    """A transaction in which no other process changes partitions: two may lead for some seconds."""
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock(%s)", [_CHANGES])
        yield


async def be_alone(connection: AsyncConnection[Any], *partitions: str) -> None:
    """Let no other session use `posts` until the transaction ends, each of whose statements may take a second now.

    Raises:
        psycopg.errors.LockNotAvailable: other sessions use it now.
    """
    for name in partitions:
        # Only vacuum, which may take long, stands in the way of this lock, and gives way after a second.
        await connection.execute(SQL("LOCK TABLE {} IN SHARE UPDATE EXCLUSIVE MODE").format(Identifier(name)))
    await connection.execute(f"SET LOCAL lock_timeout = {_LOCK_MILLISECONDS}")
    await connection.execute(f"SET LOCAL statement_timeout = {_CHANGE_MILLISECONDS}")
    await connection.execute("LOCK TABLE ONLY posts IN ACCESS EXCLUSIVE MODE")


async def until_alone(pool: Pool, change: Callable[[], Awaitable[T]]) -> T:
    """Repeat a change until it found the table free.

    Raises:
        psycopg.errors.LockNotAvailable: it never did; the log says who holds a lock.
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
        get_logger().warning("table posts is in use all the time, its partitions stay as they are", held_by=holders)
        raise
