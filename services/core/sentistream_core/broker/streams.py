"""Names in the broker. Those of the streams and the group are a contract with third parties, so no settings."""

POSTS_STREAM = "social_posts_stream"
PROCESSED_STREAM = "processed_posts_stream"
DEAD_LETTER_STREAM = "dead_letter_stream"
WORKER_GROUP = "sentiment_workers"

RESOLVED_ENTRIES = "sentistream:resolved_entries"
"""Sorted set: entries of the posts stream whose dead letter was replayed or dropped, by their milliseconds. Those that
the stream does not hold any more are removed with the next note."""

WORKERS_KEY = "sentistream:workers"
"""Hash: consumer name to JSON {"capacity", "rate": posts per second, "seen": seconds since 1970}, renewed every 2 s."""
