"""Searches for posts that no index finds in their order, such as those with a word: one partition after the other.

Posts come by the time they were processed, and partitions hold ranges of ids. So each partition is asked first for its
newest post, which costs little, and searched when no partition that is left can hold a newer one than those found.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.errors import QueryCanceled

from sentistream_core.classified_post import ProcessedPost
from sentistream_core.database.partitions import Partition, list_partitions
from sentistream_core.database.pool import Pool
from sentistream_core.database.posts import READ, PagePosition, PostFilter, from_row

_NEWEST: Final = """
SELECT number - 1, newest.timestamp, newest.id
FROM unnest(%(firsts)s::uuid[], %(lasts)s::uuid[]) WITH ORDINALITY AS part (first, last, number)
CROSS JOIN LATERAL (
    SELECT timestamp, id FROM posts WHERE {conditions}
    ORDER BY timestamp DESC, id DESC LIMIT 1
) AS newest
{of_the_time}
ORDER BY 2 DESC, 3 DESC
"""

# A question of its own: to look for the newest post of the time, PostgreSQL would read the partition's other ones.
_OF_THE_TIME: Final = """
CROSS JOIN LATERAL (
    SELECT FROM posts WHERE id BETWEEN part.first AND part.last AND {conditions} ORDER BY event_time LIMIT 1
) AS one_of_the_time
"""


@dataclass(frozen=True, slots=True)
class Found:
    posts: Sequence[ProcessedPost]
    """Newest first."""
    resume: PagePosition | None
    """Where to continue if the time limit was reached: all matching posts before this position were found."""


async def search_posts(
    pool: Pool, limit: int, *, where: PostFilter, before: PagePosition | None = None, seconds: float
) -> Found:
    """The newest posts that match, all as of one moment; with `before` those that follow that place.

    Raises:
        psycopg.errors.QueryCanceled: the time was not enough for the first partition.
    """
    deadline = time.monotonic() + seconds
    found: list[ProcessedPost] = []
    newest: PagePosition | None = None
    searched = 0
    try:
        async with pool.connection() as connection, connection.transaction():
            await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            if where.text is not None:  # so that an invalid search text is refused even if there is nothing to search
                await connection.execute("SELECT search_query(%s)", [where.text])
            for newest, partition in await _newest_first(connection, where, before):
                if len(found) == limit and _place(found[-1]) > newest:
                    break
                await _limit_time(connection, deadline)
                matching = await search_partition(connection, partition, limit, where, before, found[limit - 1 :])
                found = sorted([*found, *matching], key=_place, reverse=True)[:limit]
                searched += 1
    except QueryCanceled:
        if not searched or newest is None:
            raise
        # Posts older than the newest one of a partition that was not searched may not be the next ones: leave them out.
        return Found([each for each in found if _place(each) > newest], _just_before(newest))
    return Found(found, None)


async def _newest_first(
    connection: AsyncConnection[Any], where: PostFilter, before: PagePosition | None
) -> list[tuple[PagePosition, Partition]]:
    """Partitions that hold a post of the time asked for, with the place of their newest one of any; newest first."""
    partitions = await list_partitions(connection)
    conditions = ["id BETWEEN part.first AND part.last", *_before(before)]
    times = where.time_conditions()
    cursor = await connection.execute(
        _NEWEST.format(
            conditions=" AND ".join(conditions),
            of_the_time=_OF_THE_TIME.format(conditions=" AND ".join(times)) if times else "",
        ),
        {
            "firsts": [each.first for each in partitions],
            "lasts": [each.last for each in partitions],
            **_parameters(where, before),
        },
    )
    return [(PagePosition(time, post_id), partitions[number]) for number, time, post_id in await cursor.fetchall()]


async def search_partition(  # noqa: PLR0917 (what a search is made of)
    connection: AsyncConnection[Any],
    partition: Partition,
    limit: int,
    where: PostFilter,
    before: PagePosition | None,
    last: Sequence[ProcessedPost],
) -> list[ProcessedPost]:
    """Its newest posts that match; only those that can displace the `last` one of a full page."""
    conditions = ["id BETWEEN %(first)s AND %(last)s", *where.conditions(), *_before(before)]
    conditions += ["timestamp >= %(at_least)s" for _ in last]
    cursor = await connection.execute(
        f"{READ} WHERE {' AND '.join(conditions)} ORDER BY timestamp DESC, id DESC LIMIT %(limit)s",
        {
            "first": partition.first,
            "last": partition.last,
            "limit": limit,
            "at_least": last[0].timestamp if last else None,
            **_parameters(where, before),
        },
        prepare=False,  # the best index depends on the words, so each search needs its own plan
    )
    return [from_row(row) for row in await cursor.fetchall()]


async def _limit_time(connection: AsyncConnection[Any], deadline: float) -> None:
    milliseconds = max(1, int((deadline - time.monotonic()) * 1000))
    await connection.execute(f"SET LOCAL statement_timeout = {milliseconds}", prepare=False)


def _before(position: PagePosition | None) -> list[str]:
    return [] if position is None else ["(timestamp, id) < (%(before)s, %(before_id)s)"]


def _parameters(where: PostFilter, before: PagePosition | None) -> dict[str, object]:
    place = {} if before is None else {"before": before.timestamp, "before_id": before.id}
    return where.parameters() | place


def _place(post: ProcessedPost) -> PagePosition:
    return PagePosition(post.timestamp, post.classified.post.id)


def _just_before(place: PagePosition) -> PagePosition:
    """The position directly before `place`, so that the post at `place` is the next one."""
    if place.id.int == 2**128 - 1:
        return PagePosition(place.timestamp + timedelta(microseconds=1), UUID(int=0))
    return replace(place, id=UUID(int=place.id.int + 1))
