"""The version of the schema that the services need."""

import asyncio
from functools import partial

from sentistream_core.database.pool import Pool, is_outage
from sentistream_core.dependency import Dependency, GivingUpError, retry
from sentistream_core.log import get_logger
from sentistream_core.shutdown import wait_at_most

REQUIRED_REVISION = "0008"
"""Revisions are compared as strings; a service also works with a newer database."""


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
    """Wait until the migrations that this version needs have been applied.

    Raises:
        GivingUpError: `give_up` was set before that.
    """
    told = False
    while not await retry(partial(is_schema_ready, pool), dependency=database, is_outage=is_outage, give_up=give_up):
        if not told:
            get_logger().info("waiting for the database to be migrated", required_revision=REQUIRED_REVISION)
            told = True
        if await wait_at_most(give_up, 1.0):
            raise GivingUpError("the database was not migrated in time")
