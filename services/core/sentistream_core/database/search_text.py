"""Whether PostgreSQL accepts the text of a search."""

from psycopg import Error

from sentistream_core.database.pool import Pool


async def is_refused(pool: Pool, text: str, sqlstate: str) -> bool:
    """Whether a statement failed with that SQLSTATE because of the search text.

    If so, parsing the text alone fails in the same way. PostgreSQL has no error class for this: too many operators in
    a row are an internal error (XX000, "tsquery stack too small"), and a word that is too long is a program limit
    (54000).
    """
    try:
        async with pool.connection() as connection:
            await connection.execute("SELECT search_query(%s)", [text])
    except Error as error:
        return error.sqlstate == sqlstate
    return False
