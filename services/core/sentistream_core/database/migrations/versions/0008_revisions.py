"""Which revision of an edited post a row holds."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""ALTER TABLE posts ADD COLUMN revision TEXT COLLATE "C" """)
    op.execute("COMMENT ON COLUMN posts.revision IS 'of an edited post; the greater one, by bytes, is newer'")


def downgrade() -> None:
    op.execute("ALTER TABLE posts DROP COLUMN revision")
