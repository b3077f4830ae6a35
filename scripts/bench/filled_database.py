"""A database as the workers would leave it, made by SQL: posts, their counts and all indexes."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import psycopg
from pydantic import AnyUrl

from bench.report import say
from sentistream_core.database.migration import migrate
from sentistream_core.database.partitions import first_id
from sentistream_core.database.sentiment_counts.resolutions import RESOLUTIONS
from sentistream_local.postgres import Postgres
from sentistream_worker.engine.cpu_limit import cpu_limit

SHARDS: Final = 4
"""As if four workers had stored the posts."""
RARE_WORD: Final = "zanzibar"
"""In one post of 5,000."""
_DAY: Final = timedelta(days=1)
_CHUNK: Final = 250_000

# Post n of all: every bucket of a minute has posts of each label and shard as soon as there are 12 posts a minute, so
# that databases of different sizes differ in the number of posts alone.
_FILL: Final = """
WITH incoming AS MATERIALIZED (
    SELECT
        n,
        (ARRAY['positive', 'neutral', 'negative'])[1 + n %% 3] AS label,
        0.5 + 0.5 * ((n * 7919) %% 1000) / 1000.0 AS score,
        n / 3 %% %(shards)s AS shard,
        time AS stored_at
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n
    CROSS JOIN LATERAL (SELECT %(begin)s::timestamptz + %(span)s::interval * (n - 1) / %(posts)s) AS stored (time)
    WHERE time >= %(day)s AND time < %(day)s::timestamptz + INTERVAL '1 day'
),
stored AS (
    INSERT INTO {table} (
        id, content, sentiment_label, sentiment_score, score_positive, score_neutral, score_negative,
        "timestamp", created_at, event_time, source, author, lang, posted_at, model, stream_id, read_at, classified_at
    )
    SELECT
        (
            lpad(to_hex(floor(extract(epoch FROM stored_at) * 1000)::bigint), 12, '0')
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
        stored_at, stored_at, stored_at,
        (ARRAY['simulator', 'bluesky', 'mastodon', 'api', 'file'])[1 + n %% 5],
        'user' || n %% 9973, CASE WHEN n %% 10 < 8 THEN 'en' ELSE 'de' END, stored_at, 'bench',
        (extract(epoch FROM stored_at) * 1000)::bigint || '-0',
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


@dataclass(frozen=True, slots=True)
class Stretch:
    """So many posts, evenly spread over a time."""

    begin: datetime
    span: timedelta
    posts: int

    @classmethod
    def until_now(cls, span: timedelta, posts: int) -> "Stretch":
        return cls(datetime.now(UTC) - span, span, posts)

    @property
    def days(self) -> list[datetime]:
        first = self.begin.replace(hour=0, minute=0, second=0, microsecond=0)
        return [first + number * _DAY for number in range(-((first - self.begin - self.span) // _DAY))]

    def numbers(self, day: datetime) -> range:
        """Of the posts of a day (UTC) and of one on each side at most."""
        before, after = ((each - self.begin) * self.posts // self.span for each in (day, day + _DAY))
        return range(max(1, before), min(self.posts, after + 2) + 1)


def without_wal(postgres: Postgres) -> None:
    """Restart the server so that tables which are made and filled in one transaction are not logged."""
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET wal_level = minimal")
        connection.execute("ALTER SYSTEM SET max_wal_senders = 0")
    postgres.stop()
    postgres.restart()


def filled_database(postgres: Postgres, name: str, *stretches: Stretch) -> str:
    """Make and fill a database, the oldest posts first; its URL. Each day is a partition, as upkeep would have made it.

    Indexes are built after the rows, which is many times as fast.

    Raises:
        RuntimeError: counts and rows differ.
    """
    url = postgres.create_database(name)
    migrate(AnyUrl(url))
    days = [(stretch, day) for stretch in stretches for day in stretch.days]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER TABLE posts DETACH PARTITION posts_below")
        for _, day in days:
            connection.execute(f"DROP TABLE IF EXISTS {_table(day)}")
        with ThreadPoolExecutor(cpu_limit()) as executor:
            list(executor.map(lambda part: _fill_day(url, *part), days))
        oldest = first_id(stretches[0].days[0].date())
        connection.execute(f"ALTER TABLE posts ATTACH PARTITION posts_below FOR VALUES FROM (MINVALUE) TO ('{oldest}')")
        connection.execute("VACUUM ANALYZE sentiment_counts")
        _check(connection, sum(each.posts for each in stretches))
    return url


def _table(day: datetime) -> str:
    return f"posts_{day:%Y%m%d}"


def _fill_day(url: str, stretch: Stretch, day: datetime) -> None:
    """Each day has counts of its own, so that several may be filled at a time."""
    started = time.monotonic()
    table, numbers = _table(day), stretch.numbers(day)
    with psycopg.connect(url) as connection:
        connection.execute("SET maintenance_work_mem = '512MB'")
        connection.execute("SET timezone = 'UTC'")
        connection.execute(f"CREATE TABLE {table} (LIKE posts INCLUDING ALL EXCLUDING INDEXES)")
        for first in range(numbers.start, numbers.stop, _CHUNK):
            connection.execute(
                _FILL.format(table=table),
                {
                    "first": first,
                    "last": min(first + _CHUNK, numbers.stop) - 1,
                    "posts": stretch.posts,
                    "begin": stretch.begin,
                    "span": stretch.span,
                    "day": day,
                    "shards": SHARDS,
                    "resolutions": list(RESOLUTIONS),
                },
            )
        _index(connection, table)
        bounds = [first_id((day + number * _DAY).date()) for number in (0, 1)]
        connection.execute(
            f"ALTER TABLE posts ATTACH PARTITION {table} FOR VALUES FROM ('{bounds[0]}') TO ('{bounds[1]}')"
        )
        connection.commit()
        connection.autocommit = True
        connection.execute(
            f"VACUUM ANALYZE {table}"
        )  # as autovacuum does, which leaves out the table of all partitions
    say(f"{table}: about {len(numbers):,} posts in {time.monotonic() - started:.0f} s")


def _index(connection: psycopg.Connection, table: str) -> None:
    """Those of `posts`."""
    indexes = connection.execute("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'posts'").fetchall()
    for index, definition in indexes:
        name = index.replace("idx", table).replace("posts_pkey", f"{table}_pkey")
        connection.execute(definition.replace(f" {index} ON ONLY public.posts ", f" {name} ON {table} "))
        if index == "posts_pkey":
            connection.execute(f"ALTER TABLE {table} ADD PRIMARY KEY USING INDEX {name}")
        if index == "idx_search":
            connection.execute(f"ALTER INDEX {name} ALTER COLUMN 1 SET STATISTICS 1000")


def _check(connection: psycopg.Connection, posts: int) -> None:
    counted = connection.execute("SELECT DISTINCT sum(posts) FROM sentiment_counts GROUP BY resolution").fetchall()
    rows = connection.execute("SELECT count(*) FROM posts").fetchone()
    if rows != (posts,) or counted != [(posts,)]:
        raise RuntimeError(f"{posts:,} posts were to be stored: there are {rows}, and counted are {counted}")
