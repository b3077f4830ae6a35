"""Table `posts`: writing classified posts and reading them back."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Final
from uuid import UUID, uuid4

from psycopg.rows import TupleRow

from sentistream_core.classified_post import ClassifiedPost, ProcessedPost
from sentistream_core.database.aggregate import Aggregate
from sentistream_core.database.aggregates import AGGREGATES
from sentistream_core.database.pool import Pool
from sentistream_core.database.storing import Written, is_newer, store_new, store_with_edits
from sentistream_core.post import Post
from sentistream_core.sentiment import Label, Sentiment


@dataclass(frozen=True, slots=True)
class Conflict:
    """A post that came with the id of a stored post and another content, neither an edit. The stored one stays."""

    arrived: ClassifiedPost
    stored_stream_id: str
    """The entry that the stored post came with."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a batch."""

    new: int
    """Rows that were not there before."""
    edited: int
    """Rows that hold a greater revision now."""
    gone: int
    """Posts that were removed, before they came or since."""
    posts: Sequence[ProcessedPost]
    """As the database holds them: those that came with these entries, at this delivery or an earlier one.

    A post whose id another entry brought first is not among them, nor is one that is gone.
    """
    conflicts: Sequence[Conflict]


async def store_posts(
    pool: Pool, posts: Sequence[ClassifiedPost], aggregates: tuple[Aggregate, ...] = AGGREGATES
) -> Stored:
    """Store posts and bring the aggregates up to date, in one transaction and one round trip.

    If an id is stored already, it takes a second round trip; edits take a transaction of several. A post whose id is
    stored already is left as it is and not counted again, so that a redelivery has no effect; unless a greater revision
    comes, which takes the place of what is stored and moves its count. Of posts with the same id in one batch the
    greatest revision is stored, and of equal ones the first. One that was removed is not stored.

    A post counts at the time that it was written at, for ever. That it was written more than `AHEAD_AT_MOST` from now,
    or before `EARLIEST` or what retention has deleted, is not credible: it counts at the time of the transaction then.

    Raises:
        psycopg.Error: nothing was stored or, if the connection broke, perhaps all of it.
    """
    newest = _newest_by_id(posts)
    store = store_with_edits if any(post.post.revision is not None for post in newest.values()) else store_new
    async with pool.connection() as connection:
        written = await store(connection, list(newest.values()), aggregates)
        if written.new == len(posts):
            return Stored(written.new, 0, 0, [ProcessedPost(post, written.timestamp) for post in posts], [])
        # By a statement of its own: the first one does not see what another worker stored while it waited for it.
        cursor = await connection.execute(READ + "WHERE id = ANY(%s)", [list(newest)])
        held = {row[0]: from_row(row) for row in await cursor.fetchall()}
    return _compare(posts, held, written)


def _newest_by_id(posts: Sequence[ClassifiedPost]) -> dict[UUID, ClassifiedPost]:
    newest: dict[UUID, ClassifiedPost] = {}
    for post in posts:
        known = newest.get(post.post.id)
        if known is None or is_newer(post.post.revision, known.post.revision):
            newest[post.post.id] = post
    return newest


def _compare(posts: Sequence[ClassifiedPost], held: Mapping[UUID, ProcessedPost], written: Written) -> Stored:
    own, conflicts, gone = [], [], 0
    for post in posts:
        processed = held.get(post.post.id)
        if processed is None:
            gone += 1
            continue
        stored = processed.classified
        if stored.stream_id == post.stream_id:
            traced = replace(stored.post, traceparent=post.post.traceparent)  # which is not stored
            own.append(replace(processed, classified=replace(stored, post=traced)))
        elif stored.post.content != post.post.content and post.post.revision is stored.post.revision is None:
            conflicts.append(Conflict(post, stored.stream_id))
    return Stored(written.new, written.edited, gone, own, conflicts)


async def try_storing(pool: Pool) -> None:
    """Store a post as `store_posts` does, and take it back: whether the database takes posts at all.

    Raises:
        psycopg.Error: it does not.
    """
    now = datetime.now(UTC)
    trial = ClassifiedPost(
        post=Post(id=uuid4(), content="trial", source="trial", created_at=now),
        stream_id="0-0",
        sentiment=Sentiment(0.0, 1.0, 0.0),
        model="trial",
        read_at=now,
        classified_at=now,
    )
    async with pool.connection() as connection, connection.transaction(force_rollback=True):
        await store_new(connection, [trial], AGGREGATES)


async def stored_entries(pool: Pool, ids: Sequence[UUID]) -> dict[UUID, str]:
    """For each of the ids that is stored, the entry that its post came with."""
    async with pool.connection() as connection:
        cursor = await connection.execute("SELECT id, stream_id FROM posts WHERE id = ANY(%s)", [list(ids)])
        return dict(await cursor.fetchall())


READ: Final = """
SELECT id, content, source, posted_at, author, lang, url, stream_id, score_positive, score_neutral, score_negative,
    model, read_at, classified_at, revision, timestamp
FROM posts
"""


@dataclass(frozen=True, slots=True)
class PostFilter:
    """Which posts; what is None does not matter."""

    label: Label | None = None
    source: str | None = None
    lang: str | None = None
    """A language by its tag, with all its variants: `pt` is also pt-BR (RFC 4647, basic filtering)."""
    min_score: float | None = None
    max_score: float | None = None
    since: datetime | None = None
    """Counted at this time or later."""
    until: datetime | None = None
    """Counted before this time."""
    text: str | None = None
    """Words, "a phrase", -not, OR, #hashtag, @mention, emoji; without a searchable word nothing is found."""

    def conditions(self) -> list[str]:
        known = {
            "sentiment_label = %(label)s": self.label,
            "source = %(source)s": self.source,
            "starts_with(lower(lang) || '-', lower(%(lang)s) || '-')": self.lang,
            "sentiment_score >= %(min_score)s": self.min_score,
            "sentiment_score <= %(max_score)s": self.max_score,
            "search_vector(content) @@ search_query(%(text)s)": self.text,
        }
        return [*(condition for condition, value in known.items() if value is not None), *self.time_conditions()]

    def time_conditions(self) -> list[str]:
        known = {"event_time >= %(since)s": self.since, "event_time < %(until)s": self.until}
        return [condition for condition, value in known.items() if value is not None]

    def parameters(self) -> dict[str, object]:
        """Of the conditions."""
        return {**asdict(self), "label": self.label and self.label.value}


ALL_POSTS: Final = PostFilter()


@dataclass(frozen=True, slots=True, order=True)
class PagePosition:
    """A place in the order of posts by the time they were processed, then by id."""

    timestamp: datetime
    id: UUID


async def recent_posts(
    pool: Pool, limit: int, *, where: PostFilter = ALL_POSTS, before: PagePosition | None = None
) -> list[ProcessedPost]:
    """The newest posts by the time they were stored, newest first; with `before` those that follow that place.

    For filters that an index leads to in that order; `post_search.search_posts` is for all others.
    """
    conditions = where.conditions()
    parameters = where.parameters() | {"limit": limit}
    if before is not None:
        conditions.append("(timestamp, id) < (%(before)s, %(before_id)s)")
        parameters |= {"before": before.timestamp, "before_id": before.id}
    query = (
        READ
        + (f"WHERE {' AND '.join(conditions)} " if conditions else "")
        + "ORDER BY timestamp DESC, id DESC LIMIT %(limit)s"
    )
    async with pool.connection() as connection:
        cursor = await connection.execute(query, parameters)
        return [from_row(row) for row in await cursor.fetchall()]


async def find_post(pool: Pool, post_id: UUID) -> ProcessedPost | None:
    async with pool.connection() as connection:
        cursor = await connection.execute(READ + "WHERE id = %s", [post_id])
        row = await cursor.fetchone()
    return None if row is None else from_row(row)


def from_row(row: TupleRow) -> ProcessedPost:
    (
        post_id,
        content,
        source,
        posted_at,
        author,
        lang,
        url,
        stream_id,
        positive,
        neutral,
        negative,
        model,
        read_at,
        classified_at,
        revision,
        timestamp,
    ) = row
    return ProcessedPost(
        classified=ClassifiedPost(
            post=Post(
                id=post_id,
                content=content,
                source=source,
                created_at=posted_at,
                author=author,
                lang=lang,
                url=url,
                revision=revision,
            ),
            stream_id=stream_id,
            sentiment=Sentiment(positive, neutral, negative),
            model=model,
            read_at=read_at,
            classified_at=classified_at,
        ),
        timestamp=timestamp,
    )
