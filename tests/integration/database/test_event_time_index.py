"""Migration 0007 builds an index of every partition, from wherever an earlier run was ended."""

import psycopg
from pydantic import AnyUrl

from sentistream_core.database.migration import migrate
from sentistream_local.postgres import Postgres

PARTS = """
SELECT count(*), bool_and(indisvalid) FROM pg_index JOIN pg_inherits ON inhrelid = indexrelid
WHERE inhparent = 'idx_event_time'::regclass
"""
PARTITIONS = "SELECT count(*), true FROM pg_inherits WHERE inhparent = 'posts'::regclass"
WHOLE = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'idx_event_time'::regclass"


def test_it_goes_on_where_it_was(postgres: Postgres, template_database: str) -> None:
    url = postgres.create_database("before_event_time", template=template_database)
    migrate(AnyUrl(url), "0006")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE INDEX idx_event_time ON ONLY posts (event_time)")
        connection.execute("CREATE INDEX done ON posts_above (event_time)")
        connection.execute("ALTER INDEX idx_event_time ATTACH PARTITION done")
        connection.execute("CREATE INDEX posts_below_event_time_idx ON posts_below (event_time)")  # not attached yet
        assert connection.execute(WHOLE).fetchone() == (False,)
        migrate(AnyUrl(url))
        assert connection.execute(WHOLE).fetchone() == (True,)
        assert connection.execute(PARTS).fetchone() == connection.execute(PARTITIONS).fetchone()
