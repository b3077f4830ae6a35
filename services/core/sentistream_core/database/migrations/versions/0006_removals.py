"""What was deleted: so that it stays deleted, and so that counts can be checked against it."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_LOCK = 0x52454D4F5645
"""Held by transactions that store posts (shared) and by those that record removals (alone)."""


def upgrade() -> None:
    op.execute("""
        CREATE TABLE removed_posts (
            id         UUID PRIMARY KEY,
            removed_at TIMESTAMPTZ NOT NULL DEFAULT now()
        )
    """)
    op.execute("COMMENT ON TABLE removed_posts IS 'tombstones: posts of these ids are not stored'")
    op.execute("CREATE INDEX idx_removed_posts_time ON removed_posts (removed_at)")
    op.execute("""
        CREATE TABLE removed_authors (
            source     TEXT NOT NULL,
            author     TEXT NOT NULL,
            until      TIMESTAMPTZ NOT NULL,
            removed_at TIMESTAMPTZ NOT NULL DEFAULT now(),
            is_done    BOOLEAN NOT NULL DEFAULT false,
            PRIMARY KEY (author, source)
        )
    """)
    op.execute("COMMENT ON TABLE removed_authors IS 'authors whose posts, written until then, are not stored'")
    op.execute("COMMENT ON COLUMN removed_authors.is_done IS 'whether those that were stored are deleted'")
    op.execute("""
        CREATE TABLE deleted_posts (
            label VARCHAR(10) PRIMARY KEY CHECK (label IN ('positive', 'negative', 'neutral')),
            posts BIGINT NOT NULL
        )
    """)
    op.execute("COMMENT ON TABLE deleted_posts IS 'how many rows of posts were deleted because their post was'")
    # Volatile: each of its statements sees what was committed before it, so what was committed before the lock was
    # taken. A removal that is recorded later waits for the lock, and finds the posts stored.
    op.execute(f"""
        CREATE FUNCTION removed_of(ids UUID[], sources TEXT[], authors TEXT[], times TIMESTAMPTZ[]) RETURNS SETOF UUID
        LANGUAGE plpgsql VOLATILE AS $$
        BEGIN
            PERFORM pg_advisory_xact_lock_shared({_LOCK});
            RETURN QUERY
                SELECT removed_posts.id FROM removed_posts WHERE removed_posts.id = ANY (ids)
                UNION ALL
                SELECT post.id FROM unnest(ids, sources, authors, times) AS post (id, source, author, "time")
                JOIN removed_authors ON removed_authors.author = post.author AND removed_authors.source = post.source
                WHERE post."time" <= removed_authors.until;
        END
        $$
    """)
    op.execute("COMMENT ON FUNCTION removed_of IS 'which of these posts this transaction must not store'")
    op.execute(f"""
        CREATE FUNCTION record_removals(
            ids UUID[], sources TEXT[], authors TEXT[], times TIMESTAMPTZ[]
        ) RETURNS VOID
        LANGUAGE plpgsql VOLATILE AS $$
        BEGIN
            PERFORM pg_advisory_xact_lock({_LOCK});
            INSERT INTO removed_posts (id)
                SELECT DISTINCT id FROM unnest(ids) AS id ORDER BY id
                ON CONFLICT DO NOTHING;
            INSERT INTO removed_authors AS known (source, author, until)
                SELECT source, author, max("time")
                FROM unnest(sources, authors, times) AS removal (source, author, "time")
                GROUP BY source, author ORDER BY source, author
                ON CONFLICT (author, source) DO UPDATE
                    SET until = excluded.until, removed_at = now(), is_done = false
                    WHERE known.until < excluded.until;
        END
        $$
    """)
    op.execute("COMMENT ON FUNCTION record_removals IS 'from its commit on, no transaction stores these'")


def downgrade() -> None:
    op.execute("DROP FUNCTION record_removals")
    op.execute("DROP FUNCTION removed_of")
    op.execute("DROP TABLE deleted_posts")
    op.execute("DROP TABLE removed_authors")
    op.execute("DROP TABLE removed_posts")
