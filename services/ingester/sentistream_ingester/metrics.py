"""What the ingester measures."""

from prometheus_client import Counter, Gauge, Histogram

POSTS_INGESTED = Counter("sentistream_posts_ingested_total", "Posts that the broker confirmed", ["source"])
TARGET_RATE = Gauge(
    "sentistream_ingester_target_rate", "Posts a second that the pattern asks for, before back-pressure"
)
THROTTLE_RATIO = Gauge(
    "sentistream_ingester_throttle_ratio",
    "Share of the target rate that back-pressure allows: 1 is all, 0 is a standstill",
)
LATE_SECONDS = Gauge("sentistream_ingester_late_seconds", "How far the last tick was behind the schedule")
SKIPPED_SECONDS = Counter(
    "sentistream_ingester_skipped_seconds_total",
    "Time whose posts were never written because the ingester was more than a second late",
)
WRITE_SECONDS = Histogram(
    "sentistream_ingester_write_seconds",
    "Time from sending one pipeline of posts to the broker's confirmation",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
REJECTED_LINES = Counter("sentistream_ingester_rejected_lines_total", "Lines of a replayed file that are not posts")
