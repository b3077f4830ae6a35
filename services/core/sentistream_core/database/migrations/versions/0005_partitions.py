"""`posts` in partitions by id, one for each day."""

from typing import Any, cast

from alembic import context, op
from psycopg import Connection

from sentistream_core.database.migrations.partitioning import partition_posts

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Each step is a transaction of its own: an hour's work is neither lost nor does it hold locks.
    with op.get_context().autocommit_block():
        connection = cast("Connection[Any]", op.get_bind().connection.driver_connection)
        with connection.transaction():
            connection.execute("""
                ALTER TABLE expired_posts ADD COLUMN IF NOT EXISTS processed_before TIMESTAMPTZ NOT NULL DEFAULT now()
            """)
            connection.execute("""
                COMMENT ON COLUMN expired_posts.processed_before IS 'posts that were processed before may be deleted'
            """)
        partition_posts(connection, context.config.attributes["say"])
        connection.execute("""
            CREATE OR REPLACE VIEW posts_partitions AS SELECT
                relname::text AS name,
                substring(bound FROM $$FROM \\('([^']+)'\\)$$)::uuid AS lower,
                substring(bound FROM $$TO \\('([^']+)'\\)$$)::uuid AS upper
            FROM pg_inherits
            JOIN pg_class ON pg_class.oid = inhrelid
            CROSS JOIN LATERAL pg_get_expr(relpartbound, inhrelid) AS bound
            WHERE inhparent = 'posts'::regclass
        """)
        connection.execute("COMMENT ON VIEW posts_partitions IS 'ids from lower to before upper; null is no bound'")
        connection.execute("""
            CREATE TABLE IF NOT EXISTS posts_retired (
                id              UUID NOT NULL,
                sentiment_label VARCHAR(10) NOT NULL,
                sentiment_score FLOAT NOT NULL,
                "timestamp"     TIMESTAMPTZ NOT NULL
            )
        """)
        connection.execute("""
            COMMENT ON TABLE posts_retired
                IS 'its children are days that retention has taken out of posts and not counted yet'
        """)


def downgrade() -> None:
    op.execute("DROP VIEW posts_partitions")
    op.execute("DROP TABLE posts_retired CASCADE")
    op.execute("ALTER TABLE posts RENAME TO posts_partitioned")
    for name in ("posts_pkey", "idx_timestamp", "idx_sentiment_label", "idx_source", "idx_search"):
        op.execute(f"ALTER INDEX {name} RENAME TO partitioned_{name}")
    op.execute("CREATE TABLE posts (LIKE posts_partitioned INCLUDING ALL EXCLUDING INDEXES)")
    for name in ("event_time", "lang", "url"):
        op.execute(f"ALTER TABLE posts DROP COLUMN {name}")
    op.execute("""
        INSERT INTO posts SELECT
            id, content, sentiment_label, sentiment_score, score_positive, score_neutral, score_negative, "timestamp",
            created_at, source, author, posted_at, model, stream_id, read_at, classified_at
        FROM posts_partitioned
    """)
    op.execute("DROP TABLE posts_partitioned")
    op.execute("ALTER TABLE posts ADD CONSTRAINT posts_pkey PRIMARY KEY (id)")
    op.execute("""CREATE INDEX idx_timestamp ON posts ("timestamp" DESC, id DESC)""")
    op.execute("""CREATE INDEX idx_sentiment_label ON posts (sentiment_label, "timestamp" DESC, id DESC)""")
    op.execute("""CREATE INDEX idx_source ON posts (source, "timestamp" DESC, id DESC)""")
    op.execute("CREATE INDEX idx_search ON posts USING gin (search_vector(content))")
    op.execute("ALTER INDEX idx_search ALTER COLUMN 1 SET STATISTICS 1000")
    op.execute("ALTER TABLE expired_posts DROP COLUMN processed_before")
