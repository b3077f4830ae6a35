"""The connection pool as every service uses it."""

import logging
from typing import Any

from psycopg import Error
from psycopg_pool import AsyncConnectionPool, PoolTimeout
from pydantic import AnyUrl

from sentistream_core.database.connection import LimitedConnection
from sentistream_core.database.sqlstate import Fault, fault_of
from sentistream_core.dependency import Dependency, describe_error


class _KeepLastWarning(logging.Filter):
    """Keeps the pool's warning for each failed attempt to connect out of the log, and the last one at hand.

    A caller of the pool gets only a PoolTimeout, which does not say why.
    """

    message = ""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno != logging.WARNING:
            return True
        self.message = record.getMessage()
        return False


_last_warning = _KeepLastWarning()
logging.getLogger("psycopg.pool").addFilter(_last_warning)

Pool = AsyncConnectionPool[LimitedConnection]


def create_pool(url: AnyUrl, *, name: str, size: int, timeout_seconds: float, max_waiting: int = 0) -> Pool:
    """A pool that is opened by its caller (`async with` or `await pool.open()`).

    Connections commit each statement by itself, run in UTC, and give up on a statement after `timeout_seconds`; the URL
    may lead to a pooler. When `max_waiting` callers wait for a connection, the next gets psycopg_pool.TooManyRequests;
    0 is no limit.
    """

    async def limit(connection: LimitedConnection) -> None:
        await connection.limit(timeout_seconds)

    return AsyncConnectionPool(
        str(url),
        connection_class=LimitedConnection,
        kwargs=_parameters(name, timeout_seconds),
        configure=limit,
        min_size=1,
        max_size=size,
        timeout=timeout_seconds,
        max_waiting=max_waiting,
        # The pool's own retries back off ever longer; after this it starts anew with the next caller.
        reconnect_timeout=5,
        name=name,
        open=False,
    )


async def check_reachable(url: AnyUrl, *, name: str, timeout_seconds: float) -> None:
    """Connect once as a pool would, which tells why it cannot: a pool only says for how long it tried.

    Raises:
        psycopg.OperationalError: what the server, or who stands before it, has said.
    """
    async with await LimitedConnection.connect(str(url), **_parameters(name, timeout_seconds)) as connection:
        await connection.limit(timeout_seconds)


def _parameters(name: str, timeout_seconds: float) -> dict[str, Any]:
    return {
        "autocommit": True,
        "application_name": name,
        "connect_timeout": max(2, int(timeout_seconds)),
        # A connection whose peer has vanished is noticed within about 15 s instead of hours.
        "keepalives_idle": 5,
        "keepalives_interval": 5,
        "keepalives_count": 2,
        "tcp_user_timeout": 15_000,
    }


def postgresql() -> Dependency:
    """PostgreSQL as this process's dependency."""
    return Dependency("postgresql", describe_database_error)


def describe_database_error(error: Exception) -> str:
    """Type and first line, and why the pool has no connection when it has none."""
    if isinstance(error, PoolTimeout) and _last_warning.message:
        return f"{describe_error(error)}: {_last_warning.message.partition(chr(10))[0]}"
    return describe_error(error)


def is_fault_of_data(error: Exception) -> bool:
    """Whether the database refused the values: repeating the statement changes nothing."""
    return isinstance(error, Error) and fault_of(error) is Fault.DATA


def is_fault_of_server(error: Exception) -> bool:
    """Whether the database cannot serve this process now, whatever the values are."""
    return isinstance(error, Error) and fault_of(error) is Fault.SERVER


def is_outage(error: Exception) -> bool:
    """Whether the database seems unable to serve this process now, so that the same statement is worth repeating later.

    That is every error that does not name the data: also a missing table or a revoked right may be mended meanwhile.
    """
    return isinstance(error, Error) and not is_fault_of_data(error)
