"""The alerts, once for the chart and for Prometheus without it.

In an expression `<pods>`, `<stream>` and `<volumes>` stand for label matchers and other names in angle brackets for
thresholds; the chart fills them in from its values, the plain file takes `DEFAULTS`. Results keep the label
`namespace`, so that one Prometheus may watch several releases.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from observability.queries import OF_STREAM

MATCHERS: Final = {
    "pods": "",
    "stream": OF_STREAM,
    "volumes": 'persistentvolumeclaim=~"data-.*sentistream-(valkey|postgresql)-0"',
}
THRESHOLDS: Final = {
    "backlog": 5000,
    "oldestPostSeconds": 60,
    "apiErrorShare": 0.05,
    "apiLatencySeconds": 1,
    "brokerMemoryShare": 0.7,
    "maxWorkers": 10,
}
DEFAULTS: Final = {**MATCHERS, **{name: str(value) for name, value in THRESHOLDS.items()}}


class Severity(StrEnum):
    CRITICAL = "critical"
    """Users notice it, or posts may be lost: it needs attention at once, also at night."""
    WARNING = "warning"
    """It may become critical, or can wait until the next working day."""


@dataclass(frozen=True, slots=True)
class Alert:
    name: str
    severity: Severity
    expr: str
    after: str
    """How long the expression must be true: `for` in Prometheus."""
    summary: str
    description: str


_REQUESTS = 'sentistream_http_request{what}{{{matchers}route!~"/healthz|/readyz",<pods>}}'
_COUNTED = _REQUESTS.format(what="s_total", matchers="")
_FAILED = _REQUESTS.format(what="s_total", matchers='status=~"5..",')
_TIMED = _REQUESTS.format(what="_seconds_bucket", matchers="")
_BROKER_MEMORY = (
    "max by (namespace) (sentistream_broker_memory_used_bytes{<pods>} / sentistream_broker_memory_limit_bytes{<pods>})"
)

ALERTS: Final = (
    Alert(
        name="SentiStreamBacklogGrowing",
        severity=Severity.WARNING,
        expr="""
            max by (namespace) (deriv(sentistream_stream_backlog{<stream>}[10m])) > 0
            and
            max by (namespace) (sentistream_stream_backlog{<stream>}) > <backlog>
        """,
        after="10m",
        summary="Posts arrive faster than they are processed",
        description="The backlog has grown for ten minutes, by {{ $value | humanize }} entries a second.",
    ),
    Alert(
        name="SentiStreamPostsTooOld",
        severity=Severity.CRITICAL,
        expr="max by (namespace) (sentistream_oldest_unprocessed_seconds{<stream>}) > <oldestPostSeconds>",
        after="5m",
        summary="The dashboard shows the past",
        description="The oldest post that is not processed is {{ $value | humanizeDuration }} old.",
    ),
    Alert(
        name="SentiStreamDeadLetters",
        severity=Severity.WARNING,
        expr="sum by (namespace, reason) (increase(sentistream_dead_letters_total{<pods>}[15m])) > 0",
        after="1m",
        summary="Posts became dead letters",
        description="About {{ $value | humanize }} entries in a quarter of an hour: {{ $labels.reason }}.",
    ),
    Alert(
        name="SentiStreamFloodPause",
        severity=Severity.CRITICAL,
        expr="sum by (namespace) (max_over_time(sentistream_worker_paused{<pods>}[5m])) > 0",
        after="1m",
        summary="Workers pause because dead letters flood",
        description="{{ $value }} workers found that most entries cannot be processed, and paused.",
    ),
    Alert(
        name="SentiStreamConflictingPosts",
        severity=Severity.WARNING,
        expr="sum by (namespace) (increase(sentistream_posts_conflicting_total{<pods>}[15m])) > 0",
        after="1m",
        summary="Posts came with ids that other posts have",
        description="About {{ $value | humanize }} in a quarter of an hour were dropped; those that came first stay.",
    ),
    Alert(
        name="SentiStreamNoWorkers",
        severity=Severity.CRITICAL,
        expr="""
            max by (namespace) (sentistream_workers{<stream>}) == 0
            and
            max by (namespace) (sentistream_stream_backlog{<stream>}) > 0
        """,
        after="3m",
        summary="Posts wait and there is no worker",
        description="No worker has reported to the broker, while posts wait.",
    ),
    Alert(
        name="SentiStreamWorkersAtMaximum",
        severity=Severity.WARNING,
        expr="max by (namespace) (sentistream_workers{<stream>}) >= <maxWorkers>",
        after="15m",
        summary="The autoscaler cannot add workers any more",
        description="There have been {{ $value }} workers, as many as are allowed, for a quarter of an hour.",
    ),
    Alert(
        name="SentiStreamLagUnknown",
        severity=Severity.WARNING,
        expr="min by (namespace) (sentistream_lag_known{<stream>}) == 0",
        after="10m",
        summary="The broker does not know the lag",
        description="The lag is counted, or bounded from above; the autoscaler works with that figure.",
    ),
    Alert(
        name="SentiStreamIngesterThrottled",
        severity=Severity.WARNING,
        expr="min by (namespace, source) (sentistream_ingester_throttle_ratio{<pods>}) < 1",
        after="10m",
        summary="The ingester of {{ $labels.source }} writes less than there is",
        description="Back-pressure allows {{ $value | humanizePercentage }} of it.",
    ),
    Alert(
        name="SentiStreamSourceLate",
        severity=Severity.CRITICAL,
        expr="time() - max by (namespace, source) (sentistream_ingester_last_event_timestamp_seconds{<pods>}) > 300",
        after="5m",
        summary="The source {{ $labels.source }} is silent or late",
        description="The newest of it that is in the stream is {{ $value | humanizeDuration }} old.",
    ),
    Alert(
        name="SentiStreamSourceGap",
        severity=Severity.WARNING,
        expr="sum by (namespace, source) (increase(sentistream_ingester_lost_seconds_total{<pods>}[1h])) > 0",
        after="1m",
        summary="Posts of {{ $labels.source }} are missing",
        description="The source no longer had what happened in {{ $value | humanizeDuration }} of the time.",
    ),
    Alert(
        name="SentiStreamBrokerAway",
        severity=Severity.CRITICAL,
        expr='min by (namespace) (sentistream_dependency_up{dependency="redis",<pods>}) == 0',
        after="1m",
        summary="Redis or Valkey cannot be used",
        description="At least one pod cannot use the broker.",
    ),
    Alert(
        name="SentiStreamDatabaseAway",
        severity=Severity.CRITICAL,
        expr='min by (namespace) (sentistream_dependency_up{dependency="postgresql",<pods>}) == 0',
        after="1m",
        summary="PostgreSQL cannot be used",
        description="At least one pod cannot use the database.",
    ),
    Alert(
        name="SentiStreamApiErrors",
        severity=Severity.CRITICAL,
        expr=f"""
            sum by (namespace) (rate({_FAILED}[5m]))
            / sum by (namespace) (rate({_COUNTED}[5m]))
            > <apiErrorShare>
        """,
        after="5m",
        summary="The API answers with errors",
        description="{{ $value | humanizePercentage }} of the requests are answered with 5xx.",
    ),
    Alert(
        name="SentiStreamApiSlow",
        severity=Severity.WARNING,
        expr=f"histogram_quantile(0.99, sum by (namespace, le) (rate({_TIMED}[5m]))) > <apiLatencySeconds>",
        after="10m",
        summary="The API is slow",
        description="One request in a hundred takes longer than {{ $value | humanizeDuration }}.",
    ),
    Alert(
        name="SentiStreamWebSocketEvictions",
        severity=Severity.WARNING,
        expr="sum by (namespace) (increase(sentistream_websocket_evictions_total{<pods>}[10m])) > 5",
        after="5m",
        summary="Live clients are cut off for being slow",
        description="About {{ $value | humanize }} WebSocket clients were evicted in ten minutes.",
    ),
    Alert(
        name="SentiStreamBrokerMemoryHigh",
        severity=Severity.WARNING,
        expr=f"{_BROKER_MEMORY} > <brokerMemoryShare>",
        after="10m",
        summary="The broker's memory fills up",
        description="{{ $value | humanizePercentage }} of maxmemory are used.",
    ),
    Alert(
        name="SentiStreamBrokerMemoryFull",
        severity=Severity.CRITICAL,
        expr=f"{_BROKER_MEMORY} > 0.9",
        after="1m",
        summary="The broker is about to refuse posts",
        description="{{ $value | humanizePercentage }} of maxmemory are used; at 100 % every write is refused.",
    ),
    Alert(
        name="SentiStreamBrokerNotPersisting",
        severity=Severity.CRITICAL,
        expr="min by (namespace) (sentistream_broker_append_only_file_ok{<pods>}) == 0",
        after="1m",
        summary="The broker cannot write its append-only file",
        description="Posts that are confirmed now are lost if the broker restarts.",
    ),
    Alert(
        name="SentiStreamServerNotStarting",
        severity=Severity.CRITICAL,
        expr="""
            max by (namespace, pod) (
              max_over_time(kube_pod_container_status_waiting_reason{<crashing>container=~"valkey|postgresql",<pods>}[5m])
              or
              max_over_time(kube_pod_init_container_status_waiting_reason{<crashing>container=~"repair|data-version",<pods>}[5m])
            ) > 0
            and on (namespace)
            min by (namespace) (sentistream_dependency_up{<pods>}) == 0
        """.replace("<crashing>", 'reason="CrashLoopBackOff",'),
        after="1m",
        summary="Valkey or PostgreSQL of the release does not start",
        description="{{ $labels.pod }} ends again and again, and is not available.",
    ),
    Alert(
        name="SentiStreamVolumeFull",
        severity=Severity.WARNING,
        expr="""
            min by (namespace, persistentvolumeclaim) (
              kubelet_volume_stats_available_bytes{<volumes>} / kubelet_volume_stats_capacity_bytes{<volumes>}
            ) < 0.15
        """,
        after="5m",
        summary="The volume of Valkey or PostgreSQL fills up",
        description="{{ $labels.persistentvolumeclaim }} has {{ $value | humanizePercentage }} left.",
    ),
    Alert(
        name="SentiStreamUpkeepOverdue",
        severity=Severity.WARNING,
        expr="""
            time() - max by (namespace, duty) (sentistream_upkeep_last_success_timestamp_seconds{<pods>})
            > 5 * max by (namespace, duty) (sentistream_upkeep_interval_seconds{<pods>})
            or
            sum by (namespace) (sentistream_upkeep_leading{<pods>}) == 0
        """,
        after="5m",
        summary="Upkeep is not done",
        description="{{ if $labels.duty }}The duty {{ $labels.duty }} has not succeeded for "
        "{{ $value | humanizeDuration }}{{ else }}No upkeep process leads{{ end }}.",
    ),
    Alert(
        name="SentiStreamMetricsMissing",
        severity=Severity.CRITICAL,
        expr="absent(sentistream_websocket_clients{<pods>})",
        after="10m",
        summary="Prometheus sees no API pod",
        description="No API pod is scraped: other alerts are blind, and the autoscaler holds the number of workers.",
    ),
)
