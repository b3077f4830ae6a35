"""Names in the broker. Those of the streams and the group are a contract with third parties, so no settings."""

POSTS_STREAM = "social_posts_stream"
PROCESSED_STREAM = "processed_posts_stream"
DEAD_LETTER_STREAM = "dead_letter_stream"
WORKER_GROUP = "sentiment_workers"

WORKERS_KEY = "sentistream:workers"
"""Hash: consumer name to JSON {"capacity", "rate": posts per second, "seen": seconds since 1970}, renewed every 2 s."""
