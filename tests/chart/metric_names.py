"""The series that exist: those that the services make, and known ones of Prometheus's client library and Kubernetes."""

from prometheus_client import Metric

from generate.reference import METRICS, metrics_of

CLIENT_LIBRARY = {"process_cpu_seconds_total", "process_resident_memory_bytes", "process_start_time_seconds"}
"""Of prometheus_client's ProcessCollector, in every service."""


KUBERNETES = {
    "kube_pod_container_status_waiting_reason",
    "kube_pod_init_container_status_waiting_reason",
    "kubelet_volume_stats_available_bytes",
    "kubelet_volume_stats_capacity_bytes",
}
"""Of kube-state-metrics and the kubelet, where a cluster has them."""


def known_metrics() -> list[Metric]:
    return [metric for module in METRICS.values() for metric in metrics_of(module)]


def series_of(metric: Metric) -> list[str]:
    """Names as queries write them: counters with `_total`, histograms with `_bucket`, `_sum` and `_count`."""
    suffixes = {"counter": ["_total"], "histogram": ["_bucket", "_sum", "_count"]}.get(metric.type, [""])
    return [metric.name + suffix for suffix in suffixes]


def known_series() -> set[str]:
    return CLIENT_LIBRARY | KUBERNETES | {name for metric in known_metrics() for name in series_of(metric)}
