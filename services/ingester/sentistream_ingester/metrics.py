"""What the ingester measures."""

from prometheus_client import Counter, Gauge, Histogram

CHANGES_INGESTED = Counter(
    "sentistream_changes_ingested_total",
    "What the broker confirmed: posts that were new (create) or edited (edit), and deletions of a post (delete) or of"
    " an author (forget)",
    ["source", "kind"],
)
REJECTED = Counter(
    "sentistream_ingester_rejected_total",
    "Records that are not posts, by what is wrong",
    ["source", "reason"],
)
SKIPPED = Counter(
    "sentistream_ingester_skipped_total",
    "Records that fit and are not wanted, by the reason and, where it was identified, the language",
    ["source", "reason", "lang"],
)
LAST_EVENT = Gauge(
    "sentistream_ingester_last_event_timestamp_seconds",
    "When the platform got the newest event that is in the stream (Unix time), or when reading began",
    ["source"],
)
ACTIVE = Gauge(
    "sentistream_ingester_active",
    "1 where the process reads the source, 0 where it stands by for another one that does",
    ["source"],
)
RECONNECTS = Counter(
    "sentistream_ingester_reconnects_total",
    "Connections to the source that ended or could not be made, by the reason",
    ["source", "reason"],
)
LOST_SECONDS = Counter(
    "sentistream_ingester_lost_seconds_total",
    "Time whose events the source did not keep for long enough: the posts that were written in it are missing",
    ["source"],
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
