"""What users of REST and WebSocket experience: volume, latency and errors."""

from observability.board import Board
from observability.panels import ANY_IS_BAD, above, below, graph, number
from observability.queries import API as PODS
from observability.queries import RANGE, REQUESTS, increase, quantile, rate, total_rate

_REQUESTS = "sentistream_http_requests_total"
_SECONDS = "sentistream_http_request_seconds"
_FAILED = f'status=~"5..",{REQUESTS}'
_CLIENTS = "sentistream_websocket_clients"
_EVICTIONS = "sentistream_websocket_evictions_total"


def _error_share(by: str = "") -> str:
    """0 instead of no data when no request failed."""
    everything = total_rate(_REQUESTS, REQUESTS, by=by)
    return f"({total_rate(_REQUESTS, _FAILED, by=by)} or {everything} * 0) / {everything}"


API = Board(
    uid="sentistream-api",
    title="API and WebSocket",
    description="Requests, errors and latency of the API, and the live clients. Probes are left out.",
    numbers=[
        number(
            "Requests",
            total_rate(_REQUESTS, REQUESTS),
            description="HTTP requests answered in a second, by all pods.",
            unit="reqps",
        ),
        number(
            "Failed",
            _error_share(),
            description="Share of requests answered with 5xx. POST /api/posts answers 503 while the backlog is over "
            "its limit, which is intended.",
            unit="percentunit",
            decimals=2,
            steps=above(0.01, 0.05),
            runbook="SentiStreamApiErrors",
        ),
        number(
            "Latency, 99 %",
            quantile(0.99, _SECONDS, REQUESTS),
            description="99 of 100 requests are answered faster.",
            unit="s",
            steps=above(0.5, 1),
            runbook="SentiStreamApiSlow",
        ),
        number("WebSocket clients", f"sum({_CLIENTS}{{{PODS}}})", description="Connected now, to all pods."),
        number(
            "Evictions in this time",
            f"sum({increase(_EVICTIONS, PODS, RANGE)})",
            description="Clients closed because they read too slowly, in the time shown. A few are phones; many at "
            "once are the network, or a pod short of CPU.",
            decimals=0,
            steps=above(5, 50),
            runbook="SentiStreamWebSocketEvictions",
        ),
        number(
            "Pods",
            f"count({_CLIENTS}{{{PODS}}})",
            description="API pods that Prometheus sees.",
            steps=below(1),
            runbook="SentiStreamMetricsMissing",
        ),
    ],
    causes={
        "Requests": [
            graph(
                "By route",
                {"{{method}} {{route}}": total_rate(_REQUESTS, REQUESTS, by="method, route")},
                description="Answered in a second. `other` are paths that do not exist, and the dashboard's files.",
                unit="reqps",
            ),
            graph(
                "By status",
                {"{{status}}": total_rate(_REQUESTS, REQUESTS, by="status")},
                description="4xx are the clients' mistakes, 429 the rate limit, 503 a dependency that is away or a "
                "backlog over its limit.",
                unit="reqps",
                stacked=True,
            ),
            graph(
                "Failed by route",
                {"{{route}}": _error_share("route")},
                description="Share of each route's requests answered with 5xx.",
                unit="percentunit",
                runbook="SentiStreamApiErrors",
            ),
            graph(
                "Latency, 99 %, by route",
                {"{{route}}": quantile(0.99, _SECONDS, REQUESTS, by="route")},
                description="One slow route: its query. All slow: the database, or pods short of CPU.",
                unit="s",
                runbook="SentiStreamApiSlow",
            ),
            graph(
                "Rate limit",
                {
                    "refused with 429": total_rate("sentistream_rate_limited_requests_total", PODS),
                    "let in uncounted": total_rate("sentistream_rate_limit_unavailable_total", PODS),
                },
                description="Uncounted: the broker did not answer, and a limit that cannot be counted must not shut "
                "everyone out.",
                unit="reqps",
            ),
            graph(
                "Answers of /api/stats",
                {"{{kind}}": total_rate("sentistream_stats_answers_total", PODS, by="kind")},
                description="Counted: asked of the database, once a second at most for each window. Shared: another "
                "one's count. Uncached: the broker did not answer, so each request costs a count.",
                unit="reqps",
                stacked=True,
            ),
            graph(
                "CPU of pods",
                {"{{pod}}": rate("process_cpu_seconds_total", PODS)},
                description="Cores. The HPA adds pods by this.",
            ),
        ],
        "WebSocket": [
            graph(
                "Clients by pod",
                {"{{pod}}": f"{_CLIENTS}{{{PODS}}}"},
                description="Clients stay where they connected: after a roll-out the oldest pod has the most.",
                stacked=True,
            ),
            graph(
                "Frames",
                {"frames": total_rate("sentistream_websocket_frames_total", PODS)},
                description="Queued for clients in a second. At most four a second and client; a heartbeat every five "
                "seconds when nothing is new.",
                unit="cps",
            ),
            graph(
                "Evictions",
                {"{{pod}}": f"sum by (pod) ({increase(_EVICTIONS, PODS)})"},
                description="On one pod only: that pod is slow. On all: the clients, or what is between them and the "
                "cluster.",
                steps=ANY_IS_BAD,
                runbook="SentiStreamWebSocketEvictions",
            ),
            graph(
                "Memory of pods",
                {"{{pod}}": f"process_resident_memory_bytes{{{PODS}}}"},
                description="Grows with clients, each of which has a bounded queue. The container's limit is 512 MiB "
                "by default.",
                unit="bytes",
            ),
        ],
    },
)
