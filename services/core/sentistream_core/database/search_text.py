"""Text that a user searches for, and whether the database makes a query of it."""

from psycopg import Error

from sentistream_core.database.pool import Pool


async def is_refused(pool: Pool, text: str, sqlstate: str) -> bool:
    """Whether a statement failed with that SQLSTATE because of the text: making a query of it alone fails so, too.

    PostgreSQL has no class of errors for it: too many operators behind each other are an internal error (XX000,
    "tsquery stack too small"), a word that is too long is a limit of the program (54000).
    """
    try:
        async with pool.connection() as connection:
            await connection.execute("SELECT search_query(%s)", [text])
    except Error as error:
        return error.sqlstate == sqlstate
    return False
