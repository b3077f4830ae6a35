"""The statements that store a batch of posts and count them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

from psycopg import AsyncConnection, Rollback
from psycopg.errors import SerializationFailure
from psycopg.rows import TupleRow

from sentistream_core.classified_post import ClassifiedPost
from sentistream_core.database.aggregate import Aggregate
from sentistream_core.event_time import AHEAD_AT_MOST, EARLIEST

_STORED: Final = """
WITH incoming AS (
    SELECT * FROM unnest(
        %(id)b::uuid[], %(content)b::text[], %(label)b::text[], %(score)b::float8[],
        %(positive)b::float4[], %(neutral)b::float4[], %(negative)b::float4[],
        %(source)b::text[], %(author)b::text[], %(lang)b::text[], %(url)b::text[], %(posted_at)b::timestamptz[],
        %(stream_id)b::text[], %(read_at)b::timestamptz[], %(classified_at)b::timestamptz[], %(model)b::text[],
        %(revision)b::text[]
    ) AS post (
        id, content, label, score, positive, neutral, negative,
        source, author, lang, url, posted_at, stream_id, read_at, classified_at, model, revision
    )
    WHERE id NOT IN (
        SELECT removed_of(
            %(id)b::uuid[], %(source)b::text[], %(author)b::text[], %(posted_at)b::timestamptz[]
        )
    )
),
stored AS (
    INSERT INTO posts (
        id, content, sentiment_label, sentiment_score, score_positive, score_neutral, score_negative,
        source, author, lang, url, posted_at, stream_id, read_at, classified_at, model, revision, event_time
    )
    SELECT
        incoming.*,
        CASE WHEN posted_at BETWEEN credible.since AND now() + %(ahead_at_most)s THEN posted_at ELSE now() END
    FROM incoming
    CROSS JOIN (
        SELECT greatest(%(earliest)s, max(processed_before)) AS since FROM expired_posts
    ) AS credible
    ORDER BY 1  -- one order of locks for all workers
    ON CONFLICT (id) DO NOTHING
    RETURNING id, content, source, lang, sentiment_label, sentiment_score, event_time
),
"""

_NEW_COUNTED: Final = "counted AS (SELECT *, 1 AS weight FROM stored)"
_NEW_RESULT: Final = "SELECT (SELECT count(*) FROM stored), 0, 0, now()"

# Rows that came since others were locked are left for the next try: who locked them may wait for this transaction.
_ALL_COUNTED: Final = """
former AS (
    SELECT posts.id, posts.content, source, lang, sentiment_label, sentiment_score, event_time
    FROM posts JOIN (SELECT id, revision FROM incoming) AS edit USING (id)
    WHERE id = ANY(%(locked)s::uuid[]) AND edit.revision COLLATE "C" > coalesce(posts.revision, '')
),
edited AS (
    UPDATE posts SET
        content = incoming.content, lang = incoming.lang, url = incoming.url,
        sentiment_label = incoming.label, sentiment_score = incoming.score, score_positive = incoming.positive,
        score_neutral = incoming.neutral, score_negative = incoming.negative, model = incoming.model,
        stream_id = incoming.stream_id, read_at = incoming.read_at, classified_at = incoming.classified_at,
        revision = incoming.revision
    FROM incoming JOIN former USING (id)
    WHERE posts.id = incoming.id
    RETURNING posts.id, posts.content, posts.source, posts.lang, posts.sentiment_label, posts.sentiment_score,
        posts.event_time
),
overtaken AS (
    SELECT FROM incoming
    WHERE revision IS NOT NULL
        AND id NOT IN (SELECT id FROM stored UNION ALL SELECT id FROM edited)
        AND NOT EXISTS (
            SELECT FROM posts WHERE posts.id = incoming.id AND posts.revision >= incoming.revision COLLATE "C"
        )
),
counted AS (
    SELECT *, 1 AS weight FROM stored
    UNION ALL
    SELECT *, 1 FROM edited
    UNION ALL
    SELECT *, -1 FROM former WHERE id IN (SELECT id FROM edited)
)
"""

_LOCK: Final = "SELECT id FROM posts WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"

_ALL_RESULT: Final = """
SELECT (SELECT count(*) FROM stored), (SELECT count(*) FROM edited), (SELECT count(*) FROM overtaken), now()
"""


_TRIES: Final = 10
"""A second one is seldom needed."""


@cache
def _statement(aggregates: tuple[Aggregate, ...], *, edits: bool) -> str:
    counted, result = (_ALL_COUNTED, _ALL_RESULT) if edits else (_NEW_COUNTED, _NEW_RESULT)
    updates = [f"{aggregate.name} AS ({aggregate.update})" for aggregate in aggregates]
    return ", ".join([_STORED + counted, *updates]) + result


@dataclass(frozen=True, slots=True)
class Written:
    new: int
    """Rows that were not there before."""
    edited: int
    """Rows that hold a greater revision now."""
    timestamp: datetime
    """Of the new rows."""


def is_newer(revision: str | None, other: str | None) -> bool:
    """Whether a post of this revision takes the place of one of the other; None is the post as it was first written."""
    return revision is not None and (other is None or revision.encode() > other.encode())


async def store_new(
    connection: AsyncConnection[TupleRow], posts: Sequence[ClassifiedPost], aggregates: tuple[Aggregate, ...]
) -> Written:
    """Store and count, by one statement, the posts whose ids are not stored yet. No id may come twice.

    Raises:
        psycopg.Error: nothing was stored or, if the connection broke, perhaps all of it.
    """
    new, edited, _, timestamp = await _write(connection, _statement(aggregates, edits=False), _columns(posts))
    return Written(new, edited, timestamp)


async def store_with_edits(
    connection: AsyncConnection[TupleRow], posts: Sequence[ClassifiedPost], aggregates: tuple[Aggregate, ...]
) -> Written:
    """The same, and stored posts of which a greater revision comes are replaced, and their counts moved.

    Who wrote a post, where and when, stays; so does the time that it counts at.

    Raises:
        psycopg.Error: nothing was stored or, if the connection broke, perhaps all of it.
    """
    edits = [post.post.id for post in posts if post.post.revision is not None]
    for _ in range(_TRIES):
        async with connection.transaction() as transaction:
            locked = [row[0] for row in await (await connection.execute(_LOCK, [edits])).fetchall()]
            new, edited, overtaken, timestamp = await _write(
                connection, _statement(aggregates, edits=True), _columns(posts) | {"locked": locked}
            )
            if not overtaken:
                return Written(new, edited, timestamp)
            # Another worker has just stored one of the posts.
            raise Rollback(transaction)
    raise SerializationFailure(f"{len(edits)} edits, and each time another session stored one of the posts")


async def _write(
    connection: AsyncConnection[TupleRow], statement: str, parameters: Mapping[str, object]
) -> tuple[Any, ...]:
    row = await (await connection.execute(statement, parameters, prepare=True)).fetchone()
    if row is None:
        raise RuntimeError("an aggregate query returns a row")
    return row


def _columns(posts: Sequence[ClassifiedPost]) -> dict[str, object]:
    return {
        "id": [each.post.id for each in posts],
        "content": [each.post.content for each in posts],
        "label": [each.sentiment.label.value for each in posts],
        "score": [each.sentiment.score for each in posts],
        "positive": [each.sentiment.positive for each in posts],
        "neutral": [each.sentiment.neutral for each in posts],
        "negative": [each.sentiment.negative for each in posts],
        "source": [each.post.source for each in posts],
        "author": [each.post.author for each in posts],
        "lang": [each.post.lang for each in posts],
        "url": [each.post.url for each in posts],
        "posted_at": [each.post.created_at for each in posts],
        "stream_id": [each.stream_id for each in posts],
        "read_at": [each.read_at for each in posts],
        "classified_at": [each.classified_at for each in posts],
        "model": [each.model for each in posts],
        "revision": [each.post.revision for each in posts],
        "earliest": EARLIEST,
        "ahead_at_most": AHEAD_AT_MOST,
    }
