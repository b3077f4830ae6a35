"""A sample of the posts of a time range, spread evenly over it, so that the cost is bounded."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sentistream_core.database.pool import Pool
from sentistream_core.database.posts import PostFilter

_SLICES: Final = 50

_SAMPLE: Final = """
SELECT slice, post.id, post.content
FROM generate_series(0, %(slices)s - 1) AS slice
CROSS JOIN LATERAL (
    SELECT id, content FROM posts
    WHERE event_time >= %(begin)s + slice * %(width)s
        AND event_time < least(%(begin)s + (slice + 1) * %(width)s, %(end)s)
        {conditions}
    ORDER BY event_time, id
    LIMIT %(of_slice)s
) AS post
"""


@dataclass(frozen=True, slots=True)
class PostSample:
    contents: dict[UUID, str]
    """Oldest first."""
    complete: bool
    """True: these are all posts of the range. False: some may be missing."""


async def sample_posts(pool: Pool, since: datetime, until: datetime, *, where: PostFilter, limit: int) -> PostSample:
    """Up to `limit` posts whose `event_time` is at `since` or later and before `until`; the same ones each time.

    The range is cut into slices, and the first posts of each are read, so that a busy slice does not displace the
    others. `where.since` and `where.until` are ignored.
    """
    width = (until - since) / _SLICES + timedelta.resolution  # so that the last slice reaches the end
    conditions = replace(where, since=None, until=None).conditions()
    parameters = {
        "slices": _SLICES,
        "begin": since,
        "end": until,
        "width": width,
        "of_slice": limit // _SLICES,
    }
    async with pool.connection() as connection:
        cursor = await connection.execute(
            _SAMPLE.format(conditions="".join(f"AND {each} " for each in conditions)),
            where.parameters() | parameters,
        )
        rows = await cursor.fetchall()
    of_slice = [0] * _SLICES
    for number, *_ in rows:
        of_slice[number] += 1
    return PostSample({post_id: content for _, post_id, content in rows}, max(of_slice) < limit // _SLICES)
