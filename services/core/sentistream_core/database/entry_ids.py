"""Table `entry_ids`: the secret for the ids of posts that arrive without an id."""

from datetime import UTC, datetime, timedelta
from typing import Final

from sentistream_core.database.pool import Pool
from sentistream_core.identifiers import EntryIds

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


async def read_entry_ids(pool: Pool) -> EntryIds:
    """Read the secret. Once at startup is enough: it never changes.

    Raises:
        RuntimeError: the row is missing. With a new secret, redelivered entries would be stored twice.
    """
    async with pool.connection() as connection:
        cursor = await connection.execute("SELECT secret, since FROM entry_ids")
        row = await cursor.fetchone()
    if row is None:
        raise RuntimeError("table entry_ids has lost its row: restore it from a backup")
    secret, since = row
    return EntryIds(secret, (since - _EPOCH) // timedelta(milliseconds=1))
