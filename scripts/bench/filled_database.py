"""A database as the workers would leave it, made by SQL: posts, their counts and all indexes."""

import time
from datetime import timedelta
from typing import Final, LiteralString

import psycopg
from pydantic import AnyUrl

from bench.report import say
from sentistream_core.database.migration import migrate
from sentistream_core.database.sentiment_counts.resolutions import RESOLUTIONS
from sentistream_local.postgres import Postgres

SPAN: Final = timedelta(hours=12)
"""The posts lie evenly in so much time up to now, however many they are."""
SHARDS: Final = 4
"""As by four workers."""
RARE_WORD: Final = "zanzibar"
"""In one post of 5,000."""
_CHUNK: Final = 250_000

# Post n of all: every bucket of a minute has posts of each label and shard as soon as there are 12 posts a minute, so
# that databases of different sizes differ in the number of posts alone.
_FILL: Final[LiteralString] = """
WITH incoming AS MATERIALIZED (
    SELECT
        n,
        (ARRAY['positive', 'neutral', 'negative'])[1 + n %% 3] AS label,
        0.5 + 0.5 * ((n * 7919) %% 1000) / 1000.0 AS score,
        n / 3 %% %(shards)s AS shard,
        %(until)s::timestamptz - %(span)s::interval * (%(posts)s - n) / %(posts)s AS stored_at
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n
),
stored AS (
    INSERT INTO posts (
        id, content, sentiment_label, sentiment_score, score_positive, score_neutral, score_negative,
        "timestamp", created_at, source, author, posted_at, event_time, model, stream_id, read_at, classified_at
    )
    SELECT
        (
            lpad(to_hex((extract(epoch FROM stored_at) * 1000)::bigint), 12, '0')
            || '7' || substr(md5(n::text), 1, 3) || '8' || substr(md5(n::text), 4, 15)
        )::uuid,
        format(
            'The %%s %%s from %%s was %%s again, said @user%%s on the way to the %%s #%%s %%s',
            (ARRAY['new', 'old', 'cheap', 'late', 'famous', 'quiet', 'broken'])[1 + n %% 7],
            (ARRAY['espresso', 'train', 'phone', 'album', 'match', 'update', 'bakery', 'museum'])[1 + n %% 8],
            (ARRAY['the city', 'yesterday', 'my sister', 'the north', 'next door'])[1 + n %% 5],
            (ARRAY['a joy', 'fine', 'a mess', 'worth it', 'too loud', 'on time'])[1 + n %% 6],
            n %% 9973,
            (ARRAY['office', 'station', 'beach', 'market'])[1 + n %% 4],
            (ARRAY['monday', 'launch', 'weather', 'goal', 'fail', 'live', 'sale', 'home', 'news'])[1 + n %% 9],
            CASE WHEN n %% 5000 = 17 THEN 'zanzibar' ELSE 'ref' || n END
        ),
        label, score, score, (1 - score) / 2, (1 - score) / 2,
        stored_at, stored_at,
        (ARRAY['simulator', 'bluesky', 'mastodon', 'api', 'file'])[1 + n %% 5],
        'user' || n %% 9973, stored_at, stored_at, 'bench', (extract(epoch FROM stored_at) * 1000)::bigint || '-0',
        stored_at, stored_at
    FROM incoming
)
INSERT INTO sentiment_counts AS counts (resolution, bucket, label, shard, posts, score_sum)
SELECT resolution, date_bin(resolution, stored_at, TIMESTAMPTZ 'epoch'), label, shard, count(*), sum(score)
FROM incoming CROSS JOIN unnest(%(resolutions)s::interval[]) AS resolution
GROUP BY 1, 2, 3, 4
ON CONFLICT (resolution, bucket, label, shard) DO UPDATE
    SET posts = counts.posts + excluded.posts, score_sum = counts.score_sum + excluded.score_sum
"""


def filled_database(postgres: Postgres, name: str, posts: int) -> str:
    """Make and fill a database; its URL. Indexes are built after the rows, which is many times as fast.

    Raises:
        RuntimeError: counts and rows differ.
    """
    url = postgres.create_database(name)
    migrate(AnyUrl(url))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET synchronous_commit = off")
        connection.execute("SET maintenance_work_mem = '1GB'")
        for (table,) in connection.execute(
            "SELECT name FROM posts_partitions UNION SELECT 'sentiment_counts'"
        ).fetchall():
            connection.execute(f"ALTER TABLE {table} SET UNLOGGED")
        indexes = connection.execute(
            """
            SELECT indexname, replace(indexdef, ' ON ONLY ', ' ON ') FROM pg_indexes
            WHERE tablename = 'posts' AND indexname LIKE 'idx_%'
            """
        ).fetchall()
        for index, _ in indexes:
            connection.execute(f"DROP INDEX {index}")
        _fill(connection, posts)
        for index, definition in indexes:
            say(f"{posts:,} posts: {index}")
            connection.execute(definition)
        parts = connection.execute(
            "SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'idx_search'::regclass"
        )
        for (index,) in parts.fetchall():
            connection.execute(f"ALTER INDEX {index} ALTER COLUMN 1 SET STATISTICS 1000")
        say(f"{posts:,} posts: VACUUM ANALYZE")
        connection.execute("VACUUM ANALYZE posts")
        connection.execute("VACUUM ANALYZE sentiment_counts")
        _check(connection, posts)
    return url


def _fill(connection: psycopg.Connection, posts: int) -> None:
    row = connection.execute("SELECT now()").fetchone()
    started = time.monotonic()
    for first in range(1, posts + 1, _CHUNK):
        last = min(first + _CHUNK - 1, posts)
        connection.execute(
            _FILL,
            {
                "first": first,
                "last": last,
                "posts": posts,
                "span": SPAN,
                "until": row and row[0],
                "shards": SHARDS,
                "resolutions": list(RESOLUTIONS),
            },
        )
        say(f"{last:,} of {posts:,} posts, {time.monotonic() - started:.0f} s")


def _check(connection: psycopg.Connection, posts: int) -> None:
    counted = connection.execute("SELECT DISTINCT sum(posts) FROM sentiment_counts GROUP BY resolution").fetchall()
    rows = connection.execute("SELECT count(*) FROM posts").fetchone()
    if rows != (posts,) or counted != [(posts,)]:
        raise RuntimeError(f"{posts:,} posts were to be stored: there are {rows}, and counted are {counted}")
