"""What the ingester measures."""

from prometheus_client import Counter, Gauge, Histogram

POSTS_INGESTED = Counter("sentistream_posts_ingested_total", "Posts of a source that the broker confirmed", ["source"])
REJECTED = Counter(
    "sentistream_ingester_rejected_total",
    "Records that are not posts, by what is wrong",
    ["source", "reason"],
)
TARGET_RATE = Gauge(
    "sentistream_ingester_target_rate",
    "Posts a second that a source with a rate should make, before back-pressure",
    ["source"],
)
THROTTLE_RATIO = Gauge(
    "sentistream_ingester_throttle_ratio",
    "Share of what a source has that back-pressure allows to be written: 1 is all, 0 is a standstill",
    ["source"],
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
