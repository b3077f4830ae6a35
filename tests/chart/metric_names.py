"""The series that exist: those of the services' own registry, and well-known ones of Prometheus's client library."""

from importlib import import_module

from prometheus_client import REGISTRY

from reference import METRICS

CLIENT_LIBRARY = {"process_cpu_seconds_total", "process_resident_memory_bytes", "process_start_time_seconds"}
"""Of prometheus_client's ProcessCollector, in every service."""


def known_series() -> set[str]:
    """Names as queries write them: counters with `_total`, histograms with `_bucket`, `_sum` and `_count`."""
    for module in METRICS.values():
        import_module(module)
    names = set(CLIENT_LIBRARY)
    for metric in REGISTRY.collect():
        if not metric.name.startswith("sentistream_"):
            continue
        suffixes = {"counter": ["_total"], "histogram": ["_bucket", "_sum", "_count"]}.get(metric.type, [""])
        names.update(metric.name + suffix for suffix in suffixes)
    return names
