"""A sample of the posts of a time range, spread evenly over it, so that the cost is bounded."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sentistream_core.database.pool import Pool
from sentistream_core.database.posts import PostFilter

_SLICES: Final = 50

_SAMPLE: Final = """
SELECT slice.number, post.id, post.content
FROM unnest(%(most)s::int[]) WITH ORDINALITY AS slice (most, number)
CROSS JOIN LATERAL (
    SELECT id, content FROM posts
    WHERE event_time >= %(begin)s + (slice.number - 1) * %(width)s
        AND event_time < least(%(begin)s + slice.number * %(width)s, %(end)s)
        {conditions}
    ORDER BY event_time, id
    LIMIT slice.most
) AS post
WHERE slice.most > 0
"""


@dataclass(frozen=True, slots=True)
class PostSample:
    contents: dict[UUID, str]
    complete: bool
    """True: these are all posts of the range. False: some may be missing."""


async def sample_posts(pool: Pool, since: datetime, until: datetime, *, where: PostFilter, limit: int) -> PostSample:
    """Up to `limit` posts whose `event_time` is at `since` or later and before `until`; the same ones each time.

    The range is cut into slices, and the first posts of each are read, so that a busy slice does not displace the
    others. A busy slice gets what the quiet ones leave of `limit`. `where.since` and `where.until` are ignored.
    """
    found = [dict[UUID, str]() for _ in range(_SLICES)]
    most = [limit // _SLICES] * _SLICES
    conditions = "".join(f"AND {each} " for each in replace(where, since=None, until=None).conditions())
    parameters = where.parameters() | {
        "begin": since,
        "end": until,
        "width": (until - since) / _SLICES + timedelta.resolution,  # so that the last slice reaches the end
    }
    async with pool.connection() as connection:
        while any(most):
            cursor = await connection.execute(_SAMPLE.format(conditions=conditions), parameters | {"most": most})
            for number, post_id, content in await cursor.fetchall():
                found[number - 1][post_id] = content
            full = [len(posts) >= wanted > 0 for posts, wanted in zip(found, most, strict=True)]
            more = (limit - sum(map(len, found))) // max(1, sum(full))
            most = [wanted + more if is_full and more else 0 for wanted, is_full in zip(most, full, strict=True)]
    return PostSample({post_id: content for posts in found for post_id, content in posts.items()}, not any(full))
