"""Table `sentiment_counts`: posts and scores by label, in time buckets of several resolutions."""
