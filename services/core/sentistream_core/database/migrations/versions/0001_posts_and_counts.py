"""Posts and their counts."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE TABLE posts (
            id              UUID PRIMARY KEY,
            content         TEXT NOT NULL,
            sentiment_label VARCHAR(10) NOT NULL CHECK (sentiment_label IN ('positive', 'negative', 'neutral')),
            sentiment_score FLOAT NOT NULL CHECK (sentiment_score BETWEEN 0 AND 1),
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
            classified_at   TIMESTAMPTZ NOT NULL
        )
    """)
    op.execute("""COMMENT ON COLUMN posts."timestamp" IS 'when the post was processed'""")
    op.execute("""COMMENT ON COLUMN posts.posted_at IS 'when its author wrote it'""")
    op.execute("""COMMENT ON COLUMN posts.stream_id IS 'entry id in social_posts_stream'""")
    # The id makes both orders total, which keyset pages need: a whole batch shares one timestamp.
    op.execute("""CREATE INDEX idx_timestamp ON posts ("timestamp" DESC, id DESC)""")
    op.execute("""CREATE INDEX idx_sentiment_label ON posts (sentiment_label, "timestamp" DESC, id DESC)""")
    op.execute("""
        CREATE TABLE sentiment_counts (
            resolution INTERVAL NOT NULL,
            bucket     TIMESTAMPTZ NOT NULL,
            label      VARCHAR(10) NOT NULL CHECK (label IN ('positive', 'negative', 'neutral')),
            shard      SMALLINT NOT NULL,
            posts      BIGINT NOT NULL,
            score_sum  FLOAT NOT NULL,
            PRIMARY KEY (resolution, bucket, label, shard)
        ) WITH (fillfactor = 50)
    """)
    # The free half of each page keeps the constant updates of the same rows heap-only: no index is touched.


def downgrade() -> None:
    op.execute("DROP TABLE sentiment_counts")
    op.execute("DROP TABLE posts")
