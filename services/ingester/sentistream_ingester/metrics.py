"""Every metric of the ingester."""

from prometheus_client import Counter, Gauge, Histogram

CHANGES_INGESTED = Counter(
    "sentistream_changes_ingested_total",
    "Changes that the broker confirmed: new posts (create), edited posts (edit), and removals of a post (delete) or an"
    " author (forget)",
    ["source", "kind"],
)
REJECTED = Counter(
    "sentistream_ingester_rejected_total",
    "Records that are not valid posts, by reason",
    ["source", "reason"],
)
SKIPPED = Counter(
    "sentistream_ingester_skipped_total",
    "Valid records that are not wanted, by reason and, if that is the language, by language",
    ["source", "reason", "lang"],
)
LAST_EVENT = Gauge(
    "sentistream_ingester_last_event_timestamp_seconds",
    "When the platform received the newest event that was written to the stream (Unix time); before that, when reading"
    " began",
    ["source"],
)
ACTIVE = Gauge(
    "sentistream_ingester_active",
    "1 while this process reads the source, 0 while another process does",
    ["source"],
)
RECONNECTS = Counter(
    "sentistream_ingester_reconnects_total",
    "Connections to the source that ended or failed, by reason",
    ["source", "reason"],
)
LOST_SECONDS = Counter(
    "sentistream_ingester_lost_seconds_total",
    "Time whose events the source no longer had when it was read again: posts from that time are missing",
    ["source"],
)
TARGET_RATE = Gauge(
    "sentistream_ingester_target_rate",
    "Target rate of a source with a rate, in posts per second before back-pressure",
    ["source"],
)
THROTTLE_RATIO = Gauge(
    "sentistream_ingester_throttle_ratio",
    "Share of the rate that back-pressure allows: 1 is the full rate, 0 is a standstill",
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
