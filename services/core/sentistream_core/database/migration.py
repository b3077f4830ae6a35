"""Bringing the database to a version of the schema. Needs the extra `sentistream-core[migrations]`."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, cast

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from psycopg import Connection, Error
from psycopg.errors import LockNotAvailable
from pydantic import AnyUrl
from sqlalchemy import Connection as EngineConnection
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from sentistream_core.database.connection import DIRECT
from sentistream_core.database.lock_holders import lock_holders_by
from sentistream_core.database.schema import REQUIRED_REVISION
from sentistream_core.log import get_logger

_MIGRATION_LOCK: Final = 0x53454E5449
"""Key of the advisory lock that keeps two migrations from running at once."""

_LOCK_TIMEOUT_MILLISECONDS: Final = 500
"""Who asks for a lock stands before all that come later: it must not wait long for what an idle session holds."""

_PAUSE_SECONDS: Final = 2.0
_TOLD_EVERY_SECONDS: Final = 30.0


class PoolerError(Exception):
    """The database is reached through a pooler: the migration's lock would stay behind with one of its connections."""


def _log(message: str) -> None:
    get_logger().info(message)


def migrate(
    url: AnyUrl,
    revision: str = "head",
    *,
    connect_timeout_seconds: float = 10.0,
    say: Callable[[str], None] = _log,
) -> str:
    """Bring the database to a revision, and say at which one it is then; safe to call from several processes at once.

    Where another session holds a lock, nobody waits behind this one for more than half a second at a time: it tries
    again until it gets the lock, and says who holds it. A database that a newer version has migrated stays as it is, so
    that a release can be rolled back.

    Raises:
        PoolerError: the URL does not lead to PostgreSQL itself; nothing was changed.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["say"] = say
    engine = create_engine(
        "postgresql+psycopg://" + str(url).partition("://")[2],
        connect_args={
            "connect_timeout": max(2, int(connect_timeout_seconds)),
            "application_name": "sentistream-migrate",
        },
        poolclass=NullPool,  # so that the advisory lock ends with whatever ends the migration
    )
    with engine.connect() as connection:
        _check_direct(connection)
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _MIGRATION_LOCK})
        connection.execute(text(f"SET lock_timeout = {_LOCK_TIMEOUT_MILLISECONDS}"))
        connection.commit()
        config.attributes["connection"] = connection
        current = _revision_of(connection)
        if revision != "head" or current is None or current <= REQUIRED_REVISION:
            _until_locks_are_free(connection, lambda: _go(config, revision), say)
        return _revision_of(connection) or "base"


def _check_direct(connection: EngineConnection) -> None:
    driver = cast("Connection[Any]", connection.connection.driver_connection)
    if driver.execute(f"SELECT {DIRECT}", {"process": driver.info.backend_pid}).fetchone() != (True,):
        raise PoolerError(
            "Migrations need PostgreSQL itself, and this database is reached through a pooler: "
            "set SENTISTREAM_DATABASE_DIRECT_URL to the address behind it."
        )
    connection.rollback()


def _revision_of(connection: EngineConnection) -> str | None:
    current = MigrationContext.configure(connection).get_current_revision()
    connection.commit()
    return current


def _go(config: Config, revision: str) -> None:
    if revision == "head" or revision >= REQUIRED_REVISION:
        command.upgrade(config, revision)
    else:
        command.downgrade(config, revision)
    config.attributes["connection"].commit()


def _until_locks_are_free(connection: EngineConnection, go: Callable[[], None], say: Callable[[str], None]) -> None:
    """Each revision is a transaction, or can go on where it was: repeating it costs no more than the time."""
    told = 0.0
    while True:
        try:
            return go()
        except (DBAPIError, Error) as error:
            if not isinstance(getattr(error, "orig", error), LockNotAvailable):
                raise
            connection.rollback()
        if not told or time.monotonic() - told > _TOLD_EVERY_SECONDS:
            told = time.monotonic()
            driver = cast("Connection[Any]", connection.connection.driver_connection)
            holders = lock_holders_by(driver, milliseconds=_LOCK_TIMEOUT_MILLISECONDS)
            connection.rollback()
            say(f"waiting for a lock, and trying again until it is free. It is held by {holders}.")
        time.sleep(_PAUSE_SECONDS)
