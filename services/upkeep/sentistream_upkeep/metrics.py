"""Every metric of upkeep."""

from prometheus_client import Counter, Gauge, Histogram

LEADING = Gauge("sentistream_upkeep_leading", "1 while this process is the leader and does the duties, else 0")
RUNS = Counter("sentistream_upkeep_runs_total", "Runs of a duty, by outcome: succeeded or failed", ["duty", "outcome"])
RUN_SECONDS = Histogram(
    "sentistream_upkeep_run_seconds",
    "Duration of a run of a duty",
    ["duty"],
    buckets=(0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 1800),
)
INTERVAL = Gauge("sentistream_upkeep_interval_seconds", "Time between two runs of a duty", ["duty"])
LAST_SUCCESS = Gauge(
    "sentistream_upkeep_last_success_timestamp_seconds",
    "When the duty last succeeded, in seconds since 1970; until the first success, when this process became the leader",
    ["duty"],
)
STREAM_TRIMMED = Counter("sentistream_stream_trimmed_total", "Entries trimmed from a stream", ["stream"])
POSTS_EXPIRED = Counter("sentistream_posts_expired_total", "Posts deleted by retention")
AUTHOR_POSTS_REMOVED = Counter(
    "sentistream_author_posts_removed_total", "Posts deleted because their author was removed"
)
ENTRIES_ERASED = Counter(
    "sentistream_entries_erased_total", "Entries of streams and dead letters erased because their post was removed"
)
CONSUMERS_REMOVED = Counter(
    "sentistream_consumers_removed_total", "Consumers removed because they were idle and had no pending entries"
)
