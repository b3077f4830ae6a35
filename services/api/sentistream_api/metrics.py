"""Every metric of the API."""

from prometheus_client import Counter, Gauge, Histogram

REQUESTS = Counter("sentistream_http_requests_total", "HTTP requests answered", ["route", "method", "status"])
REQUEST_SECONDS = Histogram(
    "sentistream_http_request_seconds",
    "Time to answer a request",
    ["route"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
LIMITED_REQUESTS = Counter("sentistream_rate_limited_requests_total", "Requests refused with 429")
UNLIMITED_REQUESTS = Counter(
    "sentistream_rate_limit_unavailable_total", "Requests admitted uncounted because the broker did not answer"
)
STATS_ANSWERS = Counter(
    "sentistream_stats_answers_total",
    "Answers of /api/stats: counted (in the database), shared (another request's count, through the broker) or "
    "uncached (no answer from the broker in time)",
    ["kind"],
)
CLIENTS = Gauge("sentistream_websocket_clients", "WebSocket clients connected to this process")
FRAMES = Counter("sentistream_websocket_frames_total", "Frames queued for WebSocket clients")
EVICTIONS = Counter("sentistream_websocket_evictions_total", "WebSocket clients closed because they were too slow")
STREAM_LENGTH = Gauge("sentistream_stream_length", "Entries in the stream", ["stream", "group"])
STREAM_ENTRIES_ADDED = Gauge(
    "sentistream_stream_entries_added",
    "Entries ever added to the stream, by all writers; its rate() is the arrival rate",
    ["stream", "group"],
)
STREAM_LAG = Gauge(
    "sentistream_stream_lag", "Entries never delivered to the group; use max() over the API's pods", ["stream", "group"]
)
STREAM_LAG_KNOWN = Gauge(
    "sentistream_lag_known", "1 when the lag is exact, 0 when it is a count or an upper bound", ["stream", "group"]
)
STREAM_PENDING = Gauge("sentistream_stream_pending", "Entries delivered and not acknowledged", ["stream", "group"])
STREAM_BACKLOG = Gauge("sentistream_stream_backlog", "Entries that still have to be processed", ["stream", "group"])
STREAM_OLDEST = Gauge(
    "sentistream_oldest_unprocessed_seconds", "Age of the oldest entry that is not processed", ["stream", "group"]
)
WORKERS = Gauge("sentistream_workers", "Workers that reported or read within the last 15 seconds", ["stream", "group"])
DEAD_LETTERS_KEPT = Gauge("sentistream_dead_letters_kept", "Entries in dead_letter_stream", ["stream"])

# These gauges have the label of sentistream_dependency_up. A gauge without labels would be exported even without data.
BROKER_MEMORY_USED = Gauge("sentistream_broker_memory_used_bytes", "Memory that the broker uses", ["dependency"])
BROKER_MEMORY_LIMIT = Gauge(
    "sentistream_broker_memory_limit_bytes", "The broker's maxmemory; absent if there is none", ["dependency"]
)
BROKER_CLIENTS = Gauge("sentistream_broker_clients", "Connections to the broker", ["dependency"])
BROKER_COMMANDS = Gauge(
    "sentistream_broker_commands_processed", "Commands since the broker's start; its rate() is the load", ["dependency"]
)
BROKER_PERSISTS = Gauge(
    "sentistream_broker_append_only_file_ok",
    "1 when the last write of the append-only file succeeded, 0 when it failed; absent without such a file",
    ["dependency"],
)
DATABASE_SIZE = Gauge("sentistream_database_size_bytes", "Size of the database on its disk", ["dependency"])
DATABASE_POSTS_SIZE = Gauge(
    "sentistream_database_posts_bytes", "Size of the table posts with its indexes", ["dependency"]
)
DATABASE_CONNECTIONS = Gauge(
    "sentistream_database_connections", "Connections to the PostgreSQL server, of all clients", ["dependency"]
)
DATABASE_MAX_CONNECTIONS = Gauge(
    "sentistream_database_max_connections", "Connections that the PostgreSQL server allows", ["dependency"]
)
DATABASE_TRANSACTIONS = Gauge(
    "sentistream_database_transactions",
    "Transactions since the database's statistics were reset: committed, rolled_back; use rate()",
    ["dependency", "outcome"],
)
DATABASE_DEADLOCKS = Gauge(
    "sentistream_database_deadlocks",
    "Deadlocks since the database's statistics were reset; use increase()",
    ["dependency"],
)
DATABASE_OLDEST_TRANSACTION = Gauge(
    "sentistream_database_oldest_transaction_seconds",
    "Age of the oldest open transaction that SentiStream's role may see: its own, or all for members of pg_monitor",
    ["dependency"],
)
