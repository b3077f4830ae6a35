"""Removing posts permanently: their rows are deleted, and later deliveries of them are not stored.

A removal takes two transactions. The first records it: after its commit, no transaction stores such a post. The second
deletes the rows; it sees every row that was stored before the first commit. Both may be repeated.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from sentistream_core.change import AuthorRemoval, Deletion, Removals
from sentistream_core.database.pool import Pool
from sentistream_core.database.retention import delete_and_count
from sentistream_core.post import Post

REMOVAL_RETENTION: Final = timedelta(days=7)
"""How long a removal is remembered: longer than its post may be delivered again, such as when a source is re-read."""

_RECORD: Final = """
SELECT record_removals(%(id)s::uuid[], %(source)s::text[], %(author)s::text[], %(until)s::timestamptz[])
"""

_DELETE: Final = """
WITH removed AS (
    DELETE FROM posts WHERE id = ANY(%(ids)s::uuid[]) RETURNING id, sentiment_label
),
recorded AS (
    INSERT INTO deleted_posts AS known (label, posts)
    SELECT sentiment_label, count(*) FROM removed GROUP BY 1 ORDER BY 1
    ON CONFLICT (label) DO UPDATE SET posts = known.posts + excluded.posts
)
SELECT id FROM removed
"""

_EXPIRE: Final = """
WITH forgotten_posts AS (
    DELETE FROM removed_posts WHERE id IN (
        SELECT id FROM removed_posts WHERE removed_at < now() - %(age)s::interval ORDER BY removed_at LIMIT %(limit)s
    )
    RETURNING 1
),
forgotten_authors AS (
    DELETE FROM removed_authors WHERE is_done AND removed_at < now() - %(age)s::interval RETURNING 1
)
SELECT (SELECT count(*) FROM forgotten_posts) + (SELECT count(*) FROM forgotten_authors)
"""


async def record_removals(pool: Pool, deletions: Sequence[Deletion], authors: Sequence[AuthorRemoval]) -> None:
    """The first transaction. It and the transactions that store posts wait for each other.

    Raises:
        psycopg.Error: nothing was recorded or, if the connection broke, perhaps all of it.
    """
    async with pool.connection() as connection:
        await connection.execute(
            _RECORD,
            {
                "id": [each.id for each in deletions],
                "source": [each.source for each in authors],
                "author": [each.author for each in authors],
                "until": [each.created_at for each in authors],
            },
        )


async def delete_posts(pool: Pool, ids: Sequence[UUID]) -> list[UUID]:
    """The second transaction: delete the rows. Returns the ids of those that existed.

    Raises:
        psycopg.Error: nothing was deleted or, if the connection broke, perhaps all of it.
    """
    if not ids:
        return []
    async with pool.connection() as connection:
        return [row[0] for row in await (await connection.execute(_DELETE, {"ids": list(ids)})).fetchall()]


async def is_carried_out(pool: Pool, removal: Deletion | AuthorRemoval) -> bool:
    """Whether the removal is recorded and no row is left."""
    async with pool.connection() as connection:
        match removal:
            case Deletion():
                cursor = await connection.execute(
                    """
                    SELECT EXISTS (SELECT FROM removed_posts WHERE id = %(id)s)
                        AND NOT EXISTS (SELECT FROM posts WHERE id = %(id)s)
                    """,
                    {"id": removal.id},
                )
            case AuthorRemoval():
                cursor = await connection.execute(
                    """
                    SELECT EXISTS (
                        SELECT FROM removed_authors WHERE source = %s AND author = %s AND until >= %s AND is_done
                    )
                    """,
                    [removal.source, removal.author, removal.created_at],
                )
        return await cursor.fetchone() == (True,)


async def removed_among(pool: Pool, posts: Sequence[Post]) -> set[UUID]:
    """The ids of those of the posts that are recorded as removed."""
    async with pool.connection() as connection:
        cursor = await connection.execute(
            "SELECT removed_of(%s::uuid[], %s::text[], %s::text[], %s::timestamptz[])",
            [
                [each.id for each in posts],
                [each.source for each in posts],
                [each.author for each in posts],
                [each.created_at for each in posts],
            ],
        )
        return {row[0] for row in await cursor.fetchall()}


async def authors_to_remove(pool: Pool) -> list[AuthorRemoval]:
    """Removed authors whose rows are not all deleted yet, the oldest removal first."""
    async with pool.connection() as connection:
        cursor = await connection.execute(
            "SELECT source, author, until FROM removed_authors WHERE NOT is_done ORDER BY removed_at"
        )
        return [AuthorRemoval(*row) for row in await cursor.fetchall()]


async def posts_of(pool: Pool, removal: AuthorRemoval, *, limit: int) -> list[UUID]:
    """The ids of up to `limit` stored posts that the removal of an author covers."""
    async with pool.connection() as connection:
        cursor = await connection.execute(
            "SELECT id FROM posts WHERE source = %s AND author = %s AND posted_at <= %s LIMIT %s",
            [removal.source, removal.author, removal.created_at, limit],
        )
        return [row[0] for row in await cursor.fetchall()]


async def finish_removal(pool: Pool, removal: AuthorRemoval) -> None:
    """Mark the removal of an author as done. Call it when no covered post is left."""
    async with pool.connection() as connection:
        await connection.execute(
            "UPDATE removed_authors SET is_done = true WHERE source = %s AND author = %s AND until = %s",
            [removal.source, removal.author, removal.created_at],
        )


async def expire_removals(pool: Pool, *, limit: int) -> int:
    """Forget removals older than `REMOVAL_RETENTION`: up to `limit` posts, and all authors. Returns how many."""
    return await delete_and_count(pool, _EXPIRE, {"age": REMOVAL_RETENTION, "limit": limit})


async def removals_within(pool: Pool, age: timedelta) -> Removals:
    """The removals that were recorded within that time."""
    async with pool.connection() as connection:
        cursor = await connection.execute("SELECT id FROM removed_posts WHERE removed_at > now() - %s::interval", [age])
        ids = frozenset(row[0] for row in await cursor.fetchall())
        cursor = await connection.execute(
            "SELECT source, author, until FROM removed_authors WHERE removed_at > now() - %s::interval", [age]
        )
        return Removals(ids, {(source, author): until for source, author, until in await cursor.fetchall()})
