"""Names of the streams and of the consumer group: part of the contract with third parties, so not settings."""

POSTS_STREAM = "social_posts_stream"
PROCESSED_STREAM = "processed_posts_stream"
DEAD_LETTER_STREAM = "dead_letter_stream"
WORKER_GROUP = "sentiment_workers"
