"""Which version of the schema a service needs, and how to get there."""

import asyncio
from functools import partial
from pathlib import Path

from pydantic import AnyUrl

from sentistream_core.database.pool import Pool, is_outage
from sentistream_core.dependency import Dependency, GivingUpError, retry
from sentistream_core.log import get_logger
from sentistream_core.shutdown import wait_at_most

REQUIRED_REVISION = "0004"
"""Revisions are ordered as strings; a newer database serves an older service."""

_MIGRATION_LOCK = 0x53454E5449
"""Key of the advisory lock that keeps two migrations from running at once."""


async def current_revision(pool: Pool) -> str | None:
    """The revision of the database; None before the first migration."""
    async with pool.connection() as connection:
        cursor = await connection.execute("SELECT to_regclass('alembic_version')")
        if (await cursor.fetchone()) == (None,):
            return None
        cursor = await connection.execute("SELECT version_num FROM alembic_version")
        row = await cursor.fetchone()
        return None if row is None else str(row[0])


async def is_schema_ready(pool: Pool) -> bool:
    """Whether the migrations that this version needs have been applied."""
    revision = await current_revision(pool)
    return revision is not None and revision >= REQUIRED_REVISION


async def wait_for_schema(pool: Pool, database: Dependency, give_up: asyncio.Event) -> None:
    """Return once the migrations that this version needs have been applied, by whoever applies them.

    Raises:
        GivingUpError: `give_up` was set before.
    """
    told = False
    while not await retry(partial(is_schema_ready, pool), dependency=database, is_outage=is_outage, give_up=give_up):
        if not told:
            get_logger().info("waiting for the database to be migrated", required_revision=REQUIRED_REVISION)
            told = True
        if await wait_at_most(give_up, 1.0):
            raise GivingUpError("the database was not migrated in time")


def migrate(url: AnyUrl, revision: str = "head", *, connect_timeout_seconds: float = 10.0) -> str:
    """Bring the database to a revision, and say at which one it is then; safe to call from several processes at once.

    A database that a newer version has migrated stays as it is, so that a release can be rolled back.
    Needs the extra `sentistream-core[migrations]`.
    """
    from alembic import command  # noqa: PLC0415 (only the migrating process carries Alembic)
    from alembic.config import Config  # noqa: PLC0415
    from alembic.migration import MigrationContext  # noqa: PLC0415
    from sqlalchemy import create_engine, text  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    engine = create_engine(
        "postgresql+psycopg://" + str(url).partition("://")[2],
        connect_args={"connect_timeout": max(2, int(connect_timeout_seconds))},
    )
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _MIGRATION_LOCK})
        connection.commit()
        config.attributes["connection"] = connection
        current = MigrationContext.configure(connection).get_current_revision()
        connection.commit()
        if revision == "head" and current is not None and current > REQUIRED_REVISION:
            engine.dispose()
            return current
        if revision == "head" or revision >= REQUIRED_REVISION:
            command.upgrade(config, revision)
        else:
            command.downgrade(config, revision)
        connection.commit()
        reached = MigrationContext.configure(connection).get_current_revision()
    engine.dispose()
    return reached or "base"
