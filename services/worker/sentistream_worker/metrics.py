"""Every metric of the worker."""

from prometheus_client import Counter, Gauge, Histogram

from sentistream_core.entry_fields import UnreadableReason
from sentistream_core.sentiment import Label
from sentistream_worker.failure import FailureReason

POSTS_PROCESSED = Counter("sentistream_posts_processed_total", "Posts stored, published and acknowledged", ["label"])
REDELIVERED = Counter("sentistream_posts_redelivered_total", "Posts that were stored already when they came again")
CONFLICTING = Counter(
    "sentistream_posts_conflicting_total",
    "Posts that came with the id of a stored post and another content; the stored one stays",
)
UNPUBLISHED = Counter(
    "sentistream_posts_unpublished_total",
    "Stored posts that the broker had no memory to publish; the live view lacks them",
)
DEAD_LETTERS = Counter("sentistream_dead_letters_total", "Entries written to dead_letter_stream", ["reason"])
ENTRIES_CLAIMED = Counter("sentistream_entries_claimed_total", "Entries taken over from another or a former consumer")
SENTIMENT_SCORE = Histogram(
    "sentistream_sentiment_score",
    "Probability of the label that a stored post was given",
    ["label"],
    buckets=(0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99),
)
MODEL_INFO = Gauge("sentistream_model_info", "1, labelled with the model that the worker classifies with", ["model"])
BATCH_SIZE = Histogram(
    "sentistream_batch_size", "Entries of a batch", buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)
)
STAGE_SECONDS = Histogram(
    "sentistream_stage_seconds",
    "Time that a batch spends in a stage: classify, store, publish",
    ["stage"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
POST_SECONDS = Histogram(
    "sentistream_post_seconds",
    "Time from the writing of an entry to the stream until its post is published",
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800),
)
GONE = Counter(
    "sentistream_gone_posts_total", "Posts that were not stored, or not published, because they had been removed"
)
REMOVALS = Counter(
    "sentistream_removals_total", "Entries that said that a post, or an author with all posts, is gone", ["kind"]
)
CAPACITY = Gauge(
    "sentistream_worker_capacity_posts_per_second",
    "Posts per second that this worker's classifier can do, as measured over its busy time",
)
FLOOD_PAUSED = Gauge("sentistream_worker_paused", "1 while the worker pauses because dead letters flood, else 0")

# A counter that begins with its first event hides that event from increase(): it has to be seen at 0 before.
for _label in Label:
    POSTS_PROCESSED.labels(_label.value)
    SENTIMENT_SCORE.labels(_label.value)
for _kind in ("post", "author"):
    REMOVALS.labels(_kind)
for _reason in (*UnreadableReason, *FailureReason):
    DEAD_LETTERS.labels(_reason)
