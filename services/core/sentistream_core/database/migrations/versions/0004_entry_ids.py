"""The secret that ids of posts without one are made with."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE TABLE entry_ids (
            is_only BOOLEAN PRIMARY KEY DEFAULT true CHECK (is_only),
            secret  BYTEA NOT NULL CHECK (length(secret) BETWEEN 16 AND 64),
            since   TIMESTAMPTZ NOT NULL
        )
    """)
    op.execute("COMMENT ON TABLE entry_ids IS 'one row: how ids of posts that came without one are made'")
    op.execute("COMMENT ON COLUMN entry_ids.secret IS 'who knows it can tell these ids before the posts are stored'")
    op.execute("COMMENT ON COLUMN entry_ids.since IS 'entries written before have ids made without the secret'")
    # Workers of the version before know no secret. Where there may be some, they have a day to go: until then all make
    # the same ids, and an entry that one has stored and another takes over is no second post.
    op.execute("""
        INSERT INTO entry_ids (secret, since)
        SELECT
            uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()),
            CASE
                WHEN EXISTS (SELECT FROM posts) OR EXISTS (SELECT FROM expired_posts) THEN now() + INTERVAL '1 day'
                ELSE 'epoch'
            END
    """)


def downgrade() -> None:
    op.execute("DROP TABLE entry_ids")
