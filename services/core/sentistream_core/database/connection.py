"""A connection whose time limits hold, also through a pooler that lends server connections for a transaction at a time.

PgBouncer refuses `options` at the start of a connection, and what is set for a session would hold for whoever is lent
the server connection next. Only the time zone it knows, and sets anew for each of its clients. So PostgreSQL itself is
told the limits once, and through a pooler each transaction brings them along; that of a single statement needs no
further round trip for it.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from psycopg import AsyncConnection, AsyncCursor, AsyncTransaction, OperationalError
from psycopg.abc import Params
from psycopg.pq import TransactionStatus
from psycopg.rows import TupleRow

DIRECT: Final = "pg_backend_pid() = %(process)s"
"""Whether PostgreSQL answers itself: a pooler makes up the process that it tells its clients at the start."""

_BEGIN: Final = f"""
SELECT {DIRECT}, set_config('TimeZone', 'UTC', false), CASE WHEN {DIRECT} THEN
    set_config('statement_timeout', %(limit)s, false) || set_config('lock_timeout', %(limit)s, false)
END
"""
_LIMIT: Final = "SELECT set_config('statement_timeout', %(limit)s, true), set_config('lock_timeout', %(limit)s, true)"


class LimitedConnection(AsyncConnection[TupleRow]):
    """Runs in UTC, and gives up on a statement, and on waiting for a lock, after the time of `limit`."""

    _limit: str | None = None
    """Milliseconds that each transaction has to be told."""

    async def limit(self, seconds: float) -> None:
        """To be called once, before anything else.

        Raises:
            psycopg.Error: the server cannot be used, or does not answer in that time.
        """
        limit = str(int(seconds * 1000))
        try:
            async with asyncio.timeout(seconds):
                cursor = await super().execute(_BEGIN, {"limit": limit, "process": self.info.backend_pid})
                row = await cursor.fetchone()
        except TimeoutError:
            raise OperationalError(f"no answer to the first statement within {seconds:g} s") from None
        if row is None or not row[0]:
            self._limit = limit
            self.prepare_threshold = None  # what is prepared stays with one of the pooler's connections

    async def execute(
        self,
        query: Any,  # noqa: ANN401 (psycopg has several types for it)
        params: Params | None = None,
        *,
        prepare: bool | None = None,
        binary: bool = False,
    ) -> AsyncCursor[TupleRow]:
        if self._limit is None or self.info.transaction_status is not TransactionStatus.IDLE:
            return await super().execute(query, params, prepare=prepare, binary=binary)
        async with self.pipeline():
            await super().execute(_LIMIT, {"limit": self._limit})
            return await super().execute(query, params, prepare=prepare, binary=binary)

    @asynccontextmanager
    async def transaction(
        self,
        savepoint_name: str | None = None,
        force_rollback: bool = False,  # noqa: FBT001, FBT002 (psycopg's own)
    ) -> AsyncIterator[AsyncTransaction]:
        begins = self.info.transaction_status is TransactionStatus.IDLE
        async with super().transaction(savepoint_name, force_rollback) as transaction:
            if self._limit is not None and begins:
                # No SELECT, after which the isolation level could not be set.
                await super().execute(
                    f"SET LOCAL statement_timeout = {self._limit}; SET LOCAL lock_timeout = {self._limit}"
                )
            yield transaction
