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
    "sentistream_rate_limit_unavailable_total", "Requests let in uncounted because the broker did not answer"
)
CLIENTS = Gauge("sentistream_websocket_clients", "WebSocket clients connected to this process")
FRAMES = Counter("sentistream_websocket_frames_total", "Frames queued for WebSocket clients")
EVICTIONS = Counter("sentistream_websocket_evictions_total", "WebSocket clients closed because they were too slow")
STREAM_LENGTH = Gauge("sentistream_stream_length", "Entries in the stream", ["stream", "group"])
STREAM_ENTRIES_ADDED = Gauge(
    "sentistream_stream_entries_added",
    "Entries ever added to the stream, by whomever; its rate() is the arrival rate",
    ["stream", "group"],
)
STREAM_LAG = Gauge(
    "sentistream_stream_lag", "Entries never delivered to the group; use max() over the API's pods", ["stream", "group"]
)
STREAM_LAG_KNOWN = Gauge(
    "sentistream_lag_known", "1 when the broker knows the lag, 0 when it is counted or bounded", ["stream", "group"]
)
STREAM_PENDING = Gauge("sentistream_stream_pending", "Entries delivered and not acknowledged", ["stream", "group"])
STREAM_BACKLOG = Gauge("sentistream_stream_backlog", "Entries that still have to be processed", ["stream", "group"])
STREAM_OLDEST = Gauge(
    "sentistream_oldest_unprocessed_seconds", "Age of the oldest entry that is not processed", ["stream", "group"]
)
