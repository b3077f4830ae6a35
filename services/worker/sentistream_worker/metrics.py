"""Every metric of the worker."""

from prometheus_client import Counter, Gauge, Histogram

from sentistream_core.entry_fields import UnreadableReason
from sentistream_core.sentiment import Label
from sentistream_worker.failure import FailureReason

POSTS_PROCESSED = Counter(
    "sentistream_posts_processed_total", "Posts stored and acknowledged, unpublished ones included", ["label"]
)
REDELIVERED = Counter("sentistream_posts_redelivered_total", "Posts read whose id was already stored")
EDITED = Counter("sentistream_posts_edited_total", "Stored posts that a newer revision has replaced")
CONFLICTING = Counter(
    "sentistream_posts_conflicting_total",
    "Posts read that have the id of a stored post but other content; the stored post stays",
)
UNPUBLISHED = Counter(
    "sentistream_posts_unpublished_total",
    "Stored posts that were not published because the broker was out of memory; the live view lacks them",
)
DEAD_LETTERS = Counter("sentistream_dead_letters_total", "Entries written to dead_letter_stream", ["reason"])
ENTRIES_CLAIMED = Counter(
    "sentistream_entries_claimed_total", "Pending entries taken over from another consumer or an earlier process"
)
SENTIMENT_SCORE = Histogram(
    "sentistream_sentiment_score",
    "Probability of the label of a stored post",
    ["label"],
    buckets=(0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99),
)
MODEL_INFO = Gauge("sentistream_model_info", "1, labelled with the worker's model", ["model"])
BATCH_SIZE = Histogram(
    "sentistream_batch_size", "Entries in a batch", buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)
)
STAGE_SECONDS = Histogram(
    "sentistream_stage_seconds",
    "Time of one step for a batch or a part of it: classify, remove, store, publish",
    ["stage"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
POST_SECONDS = Histogram(
    "sentistream_post_seconds",
    "Time from writing an entry to the stream until its post is stored and published",
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800),
)
GONE = Counter(
    "sentistream_gone_posts_total", "Posts that were not stored or not published because they had been removed"
)
REMOVALS = Counter("sentistream_removals_total", "Removals carried out, of a post or of an author", ["kind"])
CAPACITY = Gauge(
    "sentistream_worker_capacity_posts_per_second",
    "Posts per second that this worker can classify, measured with batches that are at least half full",
)
FLOOD_PAUSED = Gauge(
    "sentistream_worker_paused", "1 while the worker pauses because too many entries become dead letters, else 0"
)

# increase() misses the first event of a counter that was not exported before, so all of them start at 0.
for _label in Label:
    POSTS_PROCESSED.labels(_label.value)
    SENTIMENT_SCORE.labels(_label.value)
for _kind in ("post", "author"):
    REMOVALS.labels(_kind)
for _reason in (*UnreadableReason, *FailureReason):
    DEAD_LETTERS.labels(_reason)
