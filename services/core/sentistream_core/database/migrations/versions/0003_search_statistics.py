"""The planner knows rare words: it looks for them in the search index, and not through the posts by time."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Of a word that is not among the most frequent the planner assumes half the frequency of the least frequent one it
    # keeps. With the 1,000 words of the default target that is so much that walking through the newest posts until
    # eleven match looks cheap: of ten million posts, all of them for a word that occurs nowhere.
    op.execute("ALTER INDEX idx_search ALTER COLUMN 1 SET STATISTICS 1000")
    op.execute("ANALYZE posts")


def downgrade() -> None:
    op.execute("ALTER INDEX idx_search ALTER COLUMN 1 SET STATISTICS -1")
