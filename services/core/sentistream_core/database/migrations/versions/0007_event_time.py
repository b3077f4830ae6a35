"""An index of the posts by the time that they count at."""

from typing import Any, cast

from alembic import op
from psycopg import Connection
from psycopg.sql import SQL, Identifier

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_CHANGES = 0x53454E5450
"""The advisory lock of whoever changes partitions: none comes or goes while each gets its part of the index."""

_LEFT = """
SELECT partition.inhrelid::regclass::text FROM pg_inherits AS partition
WHERE partition.inhparent = 'posts'::regclass AND NOT EXISTS (
    SELECT FROM pg_inherits AS part JOIN pg_index ON indexrelid = part.inhrelid
    WHERE part.inhparent = 'idx_event_time'::regclass AND indrelid = partition.inhrelid
)
"""


def upgrade() -> None:
    # CONCURRENTLY, so that workers store meanwhile: not within a transaction, and one partition after the other.
    with op.get_context().autocommit_block():
        connection = cast("Connection[Any]", op.get_bind().connection.driver_connection)
        connection.execute("CREATE INDEX IF NOT EXISTS idx_event_time ON ONLY posts (event_time)")
        connection.execute("SELECT pg_advisory_lock(%s)", [_CHANGES])
        try:
            for (partition,) in connection.execute(_LEFT).fetchall():
                _add(connection, partition)
        finally:
            connection.execute("SELECT pg_advisory_unlock(%s)", [_CHANGES])


def _add(connection: Connection[Any], partition: str) -> None:
    name = Identifier(f"{partition}_event_time_idx")
    [(lock_timeout,)] = connection.execute("SHOW lock_timeout").fetchall()
    # It waits until transactions that began before it have ended, and nobody waits behind it.
    connection.execute("SET lock_timeout = '60s'")
    try:
        connection.execute(SQL("DROP INDEX CONCURRENTLY IF EXISTS {}").format(name))  # of a run that was ended
        connection.execute(SQL("CREATE INDEX CONCURRENTLY {} ON {} (event_time)").format(name, Identifier(partition)))
    finally:
        connection.execute("SELECT set_config('lock_timeout', %s, false)", [lock_timeout])
    connection.execute(SQL("ALTER INDEX idx_event_time ATTACH PARTITION {}").format(name))


def downgrade() -> None:
    op.execute("DROP INDEX idx_event_time")
