"""Full-text search, posts by source, and a record of what retention deleted."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# A hashtag or mention ends at white space, ASCII punctuation or an emoji. Naming what ends it, and not what it is made
# of, holds for every script and whatever locale the database has.
_EMOJI = (
    r"\u203C\u2049\u2122\u2139\u2190-\u21FF\u2300-\u23FF\u25A0-\u27BF\u2934\u2935\u2B00-\u2BFF\U0001F000-\U0001FAFF"
)
_TAG = rf"(?<![A-Za-z0-9_.])[#@][^\s!-/:-@\[-^`{{-~{_EMOJI}]+"
_TAG_OR_EMOJI = rf"{_TAG}|[{_EMOJI}]"
_WORD_CHARACTERS = 100
"""A longer tag is cut: PostgreSQL refuses words past 2,046 bytes, and no post must be refused for its hashtag."""


def upgrade() -> None:
    # The configuration 'simple' does no stemming and drops no stop words, so that no language is searched worse than
    # another. Its parser drops '#', '@' and emoji: those are added as words of their own.
    op.execute(rf"""
        CREATE FUNCTION search_vector(content TEXT) RETURNS tsvector
        LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
        RETURN CASE
            WHEN content !~ '[#@{_EMOJI}]' THEN to_tsvector('pg_catalog.simple', content)
            ELSE to_tsvector('pg_catalog.simple', content) || array_to_tsvector(ARRAY(
                SELECT left(lower(found[1]), {_WORD_CHARACTERS})
                FROM regexp_matches(content, '({_TAG_OR_EMOJI})', 'g') AS found
            ))
        END
    """)
    op.execute("COMMENT ON FUNCTION search_vector IS 'words of a post; hashtags, mentions and emoji as written, too'")
    op.execute(rf"""
        CREATE FUNCTION search_query(text TEXT) RETURNS tsquery
        LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
        RETURN websearch_to_tsquery(
            'pg_catalog.simple', regexp_replace(text, '-?(?:{_TAG_OR_EMOJI})', ' ', 'g')
        ) && coalesce(
            (
                SELECT string_agg(
                    CASE found[1] WHEN '-' THEN '!' ELSE '' END
                        || quote_literal(left(lower(found[2]), {_WORD_CHARACTERS})),
                    ' & '
                )::tsquery
                FROM regexp_matches(text, '(-?)({_TAG_OR_EMOJI})', 'g') AS found
            ),
            ''::tsquery
        )
    """)
    op.execute("COMMENT ON FUNCTION search_query IS 'what a user typed: words, \"a phrase\", -not, OR, #tag, @name'")
    op.execute("CREATE INDEX idx_search ON posts USING gin (search_vector(content))")
    op.execute("""CREATE INDEX idx_source ON posts (source, "timestamp" DESC, id DESC)""")
    op.execute("""
        CREATE TABLE expired_posts (
            label VARCHAR(10) PRIMARY KEY CHECK (label IN ('positive', 'negative', 'neutral')),
            posts BIGINT NOT NULL
        )
    """)
    op.execute("COMMENT ON TABLE expired_posts IS 'how many rows of posts retention deleted'")
    op.execute("""
        CREATE TABLE expired_counts (
            resolution INTERVAL NOT NULL,
            label      VARCHAR(10) NOT NULL CHECK (label IN ('positive', 'negative', 'neutral')),
            posts      BIGINT NOT NULL,
            PRIMARY KEY (resolution, label)
        )
    """)
    op.execute("COMMENT ON TABLE expired_counts IS 'posts counted by deleted rows of sentiment_counts'")


def downgrade() -> None:
    op.execute("DROP TABLE expired_counts")
    op.execute("DROP TABLE expired_posts")
    op.execute("DROP INDEX idx_source")
    op.execute("DROP INDEX idx_search")
    op.execute("DROP FUNCTION search_query")
    op.execute("DROP FUNCTION search_vector")
