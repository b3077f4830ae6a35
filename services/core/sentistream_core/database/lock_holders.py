"""Which sessions hold the locks that another one waits for."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import TupleRow

from sentistream_core.database.pool import Pool

# PostgreSQL shows application, state and times of another role's sessions to members of pg_monitor only.
_HOLDERS: Final = """
SELECT DISTINCT pid, usename, application_name, state, xact_start
FROM pg_locks JOIN pg_stat_activity AS session USING (pid)
JOIN pg_class ON pg_class.oid = relation AND relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace
WHERE granted AND pid <> pg_backend_pid() AND datname = current_database()
    AND coalesce(xact_start, '-infinity') < clock_timestamp() - %(milliseconds)s * INTERVAL '1 millisecond'
ORDER BY xact_start NULLS LAST LIMIT 3
"""


async def lock_holders(pool: Pool, *, milliseconds: int) -> str:
    """The sessions whose transaction has held a table lock for at least that long, longest first; at most three."""
    async with pool.connection() as connection:
        cursor = await connection.execute(_HOLDERS, {"milliseconds": milliseconds})
        return _describe_all(await cursor.fetchall())


def lock_holders_by(connection: Connection[Any], *, milliseconds: int) -> str:
    """The same over a synchronous connection."""
    return _describe_all(connection.execute(_HOLDERS, {"milliseconds": milliseconds}).fetchall())


def _describe_all(rows: Sequence[TupleRow]) -> str:
    return "; ".join(_describe(*row) for row in rows) or "a session that is gone by now"


def _describe(pid: int, role: str, application: str, state: str, since: datetime | None) -> str:
    if since is None:
        return f"process {pid} of role {role}; members of pg_monitor see more"
    name = f"{application or 'an unnamed application'} of role {role}"
    return f"process {pid} ({name}), {state}, in a transaction since {since:%Y-%m-%d %H:%M:%S %Z}"
