"""A toy aggregate: posts by the hundred characters that they have."""

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from sentistream_core.database.pool import Pool
from sentistream_core.database.post_counts import PostCounts
from sentistream_core.database.retention import delete_and_count
from sentistream_core.settings import RetentionSettings

TABLE = "CREATE TABLE lengths (hundreds INT PRIMARY KEY, posts BIGINT NOT NULL, last_at TIMESTAMPTZ NOT NULL)"


class Lengths:
    name = "lengths"
    update = """
        INSERT INTO lengths AS known (hundreds, posts, last_at)
        SELECT length(content) / 100, sum(weight), max(event_time) FROM counted GROUP BY 1 ORDER BY 1
        ON CONFLICT (hundreds) DO UPDATE SET posts = known.posts + excluded.posts, last_at = excluded.last_at
    """

    async def expire(self, pool: Pool, retention: RetentionSettings, *, limit: int) -> int:
        statement = """
            WITH expired AS (
                DELETE FROM lengths WHERE hundreds IN (
                    SELECT hundreds FROM lengths WHERE last_at < now() - %(age)s::interval LIMIT %(limit)s
                )
                RETURNING 1
            )
            SELECT count(*) FROM expired
        """
        return await delete_and_count(pool, statement, {"age": retention.minute_counts_kept, "limit": limit})

    async def differences(self, connection: AsyncConnection[TupleRow], _: PostCounts) -> list[str]:
        rows = await connection.execute(
            """
            SELECT hundreds, known.posts, found.posts
            FROM lengths AS known
            FULL JOIN (SELECT length(content) / 100 AS hundreds, count(*) AS posts FROM posts GROUP BY 1) AS found
                USING (hundreds)
            WHERE known.posts IS DISTINCT FROM found.posts
            """
        )
        return [
            f"{known} posts of {hundreds}00 characters, not {found}" for hundreds, known, found in await rows.fetchall()
        ]
