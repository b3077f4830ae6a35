"""A migration as the rule wants it: it only adds, so that the version before it goes on reading and writing.

It takes ten seconds and notes when it began and ended, and how many posts there were.
"""

from pathlib import Path

from alembic import op

revision = "9999"
down_revision = max(each.name[:4] for each in Path(__file__).parent.glob("0*.py"))
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE TABLE posts_during_migration (
            moment TEXT PRIMARY KEY, posts BIGINT NOT NULL, at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp()
        )
    """)
    op.execute("INSERT INTO posts_during_migration SELECT 'begin', count(*) FROM posts")
    op.execute("SELECT pg_sleep(10)")
    op.execute("ALTER TABLE posts ADD COLUMN next_version TEXT NOT NULL DEFAULT ''")
    op.execute("INSERT INTO posts_during_migration SELECT 'end', count(*) FROM posts")
