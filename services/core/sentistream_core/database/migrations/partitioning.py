"""What revision 0005 does: it turns `posts` into a partitioned table while the services keep running.

A second table is filled beside the first. A trigger applies to it what workers and retention change in the first, and
existing rows are copied a few pages at a time. The last step swaps the names under a lock of milliseconds. Each step is
a transaction that also records the progress, so that a run that was killed is continued by the next.
"""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any, Final, LiteralString
from uuid import UUID

from alembic.util.exc import CommandError
from psycopg import Connection
from psycopg.sql import SQL, Identifier, Literal

_DAYS_AHEAD: Final = 14
_MONTHS_AHEAD: Final = 3
_YEARS_AHEAD: Final = 3
_END: Final = date(2100, 1, 1)
_BLOCKS_AT_ONCE: Final = 500
"""Some five thousand posts: a transaction of less than a second."""
_SAY_EVERY_SECONDS: Final = 10.0

_NAMES: Final = (
    "id",
    "content",
    "sentiment_label",
    "sentiment_score",
    "score_positive",
    "score_neutral",
    "score_negative",
    "timestamp",
    "created_at",
    "source",
    "author",
    "posted_at",
    "model",
    "stream_id",
    "read_at",
    "classified_at",
)
_COLUMNS: Final = SQL(", ").join(Identifier(name) for name in _NAMES)
_INDEXES: Final = ("posts_pkey", "idx_timestamp", "idx_sentiment_label", "idx_source", "idx_search")
"""Those that the table had before."""

_TABLE: Final = """
CREATE TABLE posts_partitioned (
    id              UUID NOT NULL,
    content         TEXT NOT NULL,
    sentiment_label VARCHAR(10) NOT NULL
        CONSTRAINT posts_sentiment_label_check CHECK (sentiment_label IN ('positive', 'negative', 'neutral')),
    sentiment_score FLOAT NOT NULL CONSTRAINT posts_sentiment_score_check CHECK (sentiment_score BETWEEN 0 AND 1),
    score_positive  REAL NOT NULL,
    score_neutral   REAL NOT NULL,
    score_negative  REAL NOT NULL,
    "timestamp"     TIMESTAMPTZ NOT NULL DEFAULT now(),
    created_at      TIMESTAMPTZ NOT NULL DEFAULT now(),
    source          TEXT NOT NULL,
    author          TEXT,
    posted_at       TIMESTAMPTZ NOT NULL,
    model           TEXT NOT NULL,
    stream_id       TEXT NOT NULL,
    read_at         TIMESTAMPTZ NOT NULL,
    classified_at   TIMESTAMPTZ NOT NULL,
    event_time      TIMESTAMPTZ NOT NULL DEFAULT now(),
    lang            TEXT,
    url             TEXT,
    CONSTRAINT new_posts_pkey PRIMARY KEY (id)
) PARTITION BY RANGE (id);
COMMENT ON COLUMN posts_partitioned."timestamp" IS 'when the post was processed';
COMMENT ON COLUMN posts_partitioned.posted_at IS 'when its author wrote it';
COMMENT ON COLUMN posts_partitioned.event_time IS 'the time that it counts at';
COMMENT ON COLUMN posts_partitioned.stream_id IS 'entry id in social_posts_stream';
CREATE INDEX new_idx_timestamp ON posts_partitioned ("timestamp" DESC, id DESC);
CREATE INDEX new_idx_sentiment_label ON posts_partitioned (sentiment_label, "timestamp" DESC, id DESC);
CREATE INDEX new_idx_source ON posts_partitioned (source, "timestamp" DESC, id DESC);
CREATE INDEX new_idx_author ON posts_partitioned (author, source) WHERE author IS NOT NULL;
CREATE INDEX new_idx_search ON posts_partitioned USING gin (search_vector(content));
"""

_MIRROR: Final = SQL("""
CREATE FUNCTION posts_mirror() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM posts_partitioned WHERE id = OLD.id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO posts_partitioned ({columns}, event_time) VALUES ({new}, NEW."timestamp")
        ON CONFLICT (id) DO NOTHING;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER posts_mirror AFTER INSERT OR UPDATE OR DELETE ON posts FOR EACH ROW EXECUTE FUNCTION posts_mirror();
""").format(columns=_COLUMNS, new=SQL(", ").join(Identifier("new", name) for name in _NAMES))

# A row that is deleted while it is copied must not come back: FOR SHARE waits for whoever deletes it, and makes later
# ones wait until it is copied and their trigger finds it.
_COPY: Final = SQL("""
WITH batch AS (SELECT * FROM posts WHERE ctid >= %(first)s::tid AND ctid < %(end)s::tid FOR SHARE),
copied AS (
    INSERT INTO posts_partitioned ({columns}, event_time) SELECT {columns}, "timestamp" FROM batch ORDER BY id
    ON CONFLICT (id) DO NOTHING
)
SELECT count(*) FROM batch
""").format(columns=_COLUMNS)


def partition_posts(connection: Connection[Any], say: Callable[[str], None]) -> None:
    """Convert `posts` to partitions, continuing where an earlier run stopped. The connection is in autocommit mode.

    Raises:
        alembic.util.exc.CommandError: a view or foreign key depends on the old table.
        psycopg.errors.LockNotAvailable: another session holds a lock; the progress so far is kept.
    """
    while not _is_partitioned(connection):
        if not _exists(connection, "posts_partitioned"):
            _refuse_dependents(connection)
            _create(connection, datetime.now(UTC).date())
        _copy(connection, say)
        _analyse(connection)
        _swap(connection)
    connection.execute("DROP TABLE IF EXISTS posts_unpartitioned")
    connection.execute("DROP FUNCTION IF EXISTS posts_mirror")


def _is_partitioned(connection: Connection[Any]) -> bool:
    row = connection.execute("SELECT relkind = 'p' FROM pg_class WHERE oid = 'posts'::regclass").fetchone()
    return row == (True,)


def _exists(connection: Connection[Any], table: str) -> bool:
    return connection.execute("SELECT to_regclass(%s) IS NOT NULL", [table]).fetchone() == (True,)


def _refuse_dependents(connection: Connection[Any]) -> None:
    """Views and foreign keys would keep referring to the old table, which is dropped at the end."""
    rows = connection.execute(
        """
        SELECT DISTINCT pg_describe_object(classid, objid, 0) FROM pg_depend
        WHERE refclassid = 'pg_class'::regclass AND refobjid = 'posts'::regclass AND deptype = 'n'
            AND (
                classid = 'pg_rewrite'::regclass
                OR classid = 'pg_constraint'::regclass
                    AND EXISTS (SELECT FROM pg_constraint WHERE oid = objid AND contype = 'f')
            )
        """
    ).fetchall()
    if rows:
        names = "; ".join(sorted(name for (name,) in rows))
        raise CommandError(
            f"table posts is replaced, and this depends on it: {names}. Drop it, and create it again afterwards"
        )


def _create(connection: Connection[Any], today: date) -> None:
    """The new table, its partitions and the trigger, all or nothing."""
    with connection.transaction():
        connection.execute(_TABLE)
        for name, lower, upper in _first_partitions(today):
            connection.execute(
                SQL("CREATE TABLE {} PARTITION OF posts_partitioned FOR VALUES FROM ({}) TO ({})").format(
                    Identifier(name), _bound(lower, "MINVALUE"), _bound(upper, "MAXVALUE")
                )
            )
            _keep_more_statistics(connection, name)
        connection.execute(
            SQL("ALTER TABLE posts_below ADD CONSTRAINT posts_below_bound CHECK (id < {})").format(_bound(today))
        )
        _grant_as_before(connection)
        # From here on no row is missed: creating a trigger waits for the transactions that have written to the table.
        connection.execute(_MIRROR)
        connection.execute(
            """
            CREATE TABLE posts_conversion AS SELECT
                0::bigint AS next_block,
                pg_relation_size('posts') / current_setting('block_size')::bigint AS end_block,
                pg_relation_filenode('posts') AS file,
                false AS analysed
            """
        )


def _first_partitions(today: date) -> list[tuple[str, date | None, date | None]]:
    """The same rule as upkeep's: days for two weeks, then months, then years."""
    days = [today + timedelta(days=number) for number in range(_DAYS_AHEAD + 2)]
    following = [divmod(days[-1].year * 12 + days[-1].month + number, 12) for number in range(_MONTHS_AHEAD)]
    months = [date(year, month + 1, 1) for year, month in following]
    years = [date(months[-1].year + number, 1, 1) for number in range(1, _YEARS_AHEAD + 1)]
    bounds = [*days, *months, *years, _END]
    between = [(f"posts_{lower:%Y%m%d}", lower, upper) for lower, upper in pairwise(bounds)]
    return [("posts_below", None, today), *between, ("posts_above", _END, None)]


def _bound(day: date | None, otherwise: LiteralString = "") -> SQL | Literal:
    """The day's first id as an SQL literal: ids that are ordered by time begin with 48 bits of milliseconds."""
    if day is None:
        return SQL(otherwise)
    days = (day - date(1970, 1, 1)).days
    return Literal(str(UUID(int=days * 86_400_000 << 80)))


def _keep_more_statistics(connection: Connection[Any], table: str) -> None:
    """As revision 0003 does, so that the planner knows rare words."""
    row = connection.execute(
        """
        SELECT indexrelid::regclass::text FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
        WHERE indrelid = %s::regclass AND relam = (SELECT oid FROM pg_am WHERE amname = 'gin')
        """,
        [table],
    ).fetchone()
    assert row is not None, "the table has a search index"  # noqa: S101
    connection.execute(SQL("ALTER INDEX {} ALTER COLUMN 1 SET STATISTICS 1000").format(Identifier(row[0])))


def _grant_as_before(connection: Connection[Any]) -> None:
    """Grant the roles the rights that they have on the old table."""
    connection.execute(
        """
        DO $$
        DECLARE statement TEXT;
        BEGIN
            FOR statement IN
                SELECT format(
                    'GRANT %s ON posts_partitioned TO %s%s', privilege_type,
                    CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END,
                    CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
                )
                FROM pg_class, aclexplode(relacl) WHERE oid = 'posts'::regclass AND grantee <> relowner
            LOOP
                EXECUTE statement;
            END LOOP;
        END $$
        """
    )


def _copy(connection: Connection[Any], say: Callable[[str], None]) -> None:
    started = told = time.monotonic()
    copied = 0
    while (position := _position(connection)) is not None:
        first, end = position
        after = min(first + _BLOCKS_AT_ONCE, end)
        with connection.transaction():
            row = connection.execute(_COPY, {"first": f"({first},0)", "end": f"({after},0)"}).fetchone()
            connection.execute("UPDATE posts_conversion SET next_block = %s", [after])
        copied += 0 if row is None else row[0]
        if time.monotonic() - told > _SAY_EVERY_SECONDS:
            told = time.monotonic()
            say(f"{after / end:.0%} of posts are in partitions, {_pace(copied, told - started)}")
    if copied:
        say(f"all posts are in partitions, {_pace(copied, time.monotonic() - started)}")


def _pace(posts: int, seconds: float) -> str:
    return f"{posts:,} in this run at {seconds / posts * 1e6:.0f} s a million" if posts else "none in this run"


def _position(connection: Connection[Any]) -> tuple[int, int] | None:
    """The next block to copy and the block to stop before; None when everything is copied.

    If the table was rewritten (VACUUM FULL) between two runs, its rows have moved and copying starts again.
    """
    connection.execute(
        """
        UPDATE posts_conversion SET
            next_block = 0,
            end_block = pg_relation_size('posts') / current_setting('block_size')::bigint,
            file = pg_relation_filenode('posts')
        WHERE file <> pg_relation_filenode('posts')
        """
    )
    row = connection.execute("SELECT next_block, end_block FROM posts_conversion").fetchone()
    return None if row is None or row[0] >= row[1] else row


def _analyse(connection: Connection[Any]) -> None:
    if connection.execute("SELECT analysed FROM posts_conversion").fetchone() == (False,):
        connection.execute("ANALYZE posts_partitioned")
        connection.execute("UPDATE posts_conversion SET analysed = true")


def _swap(connection: Connection[Any]) -> None:
    with connection.transaction():
        connection.execute("LOCK TABLE posts IN ACCESS EXCLUSIVE MODE")
        if _position(connection) is not None:  # rewritten since the copy: it is copied again
            return
        connection.execute("DROP TRIGGER posts_mirror ON posts")
        connection.execute("ALTER TABLE posts RENAME TO posts_unpartitioned")
        for name in _INDEXES:
            connection.execute(
                SQL("ALTER INDEX {} RENAME TO {}").format(Identifier(name), Identifier(f"unpartitioned_{name}"))
            )
        for name in (*_INDEXES, "idx_author"):
            connection.execute(SQL("ALTER INDEX {} RENAME TO {}").format(Identifier(f"new_{name}"), Identifier(name)))
        connection.execute("ALTER TABLE posts_partitioned RENAME TO posts")
        connection.execute("DROP TABLE posts_conversion")
