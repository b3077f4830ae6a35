"""Pieces of PromQL that several dashboards share.

`$namespace` and `$release` are the dashboards' variables; `$release` is the full name that pods' names begin with.
"""

from typing import Final

from sentistream_core.broker.consumer_group import WORKER_GROUP
from sentistream_core.broker.topology import Topology

OF_STREAM: Final = f'stream="{Topology.of(1).partitions[0].posts}",group="{WORKER_GROUP}"'
API: Final = 'namespace="$namespace",pod=~"$release-api-.+"'
WORKER: Final = 'namespace="$namespace",pod=~"$release-worker-.+"'
INGESTER: Final = 'namespace="$namespace",pod=~"$release-ingester-.+"'
UPKEEP: Final = 'namespace="$namespace",pod=~"$release-upkeep-.+"'
EVERY_POD: Final = 'namespace="$namespace",pod=~"$release-(api|worker|ingester|upkeep)-.+"'
STREAM: Final = f"{OF_STREAM},{API}"
REQUESTS: Final = f'route!~"/healthz|/readyz",{API}'
"""Requests by users: probes would dilute errors and latency."""

WINDOW: Final = "$__rate_interval"
RANGE: Final = "$__range"
"""The time that the dashboard shows."""


def of_stream(metric: str) -> str:
    """A figure of the stream. Each API pod measures the same one: max() makes one series of theirs."""
    return f"max({metric}{{{STREAM}}})"


def of_server(metric: str, more: str = "") -> str:
    """A figure of the broker or the database, which each API pod measures as well."""
    return f"max({metric}{{{more}{API}}})"


def rate(metric: str, matchers: str, window: str = WINDOW) -> str:
    return f"rate({metric}{{{matchers}}}[{window}])"


def increase(metric: str, matchers: str, window: str = WINDOW) -> str:
    return f"increase({metric}{{{matchers}}}[{window}])"


def total_rate(metric: str, matchers: str, *, by: str = "", window: str = WINDOW) -> str:
    grouping = f" by ({by})" if by else ""
    return f"sum{grouping}({rate(metric, matchers, window)})"


def quantile(share: float, metric: str, matchers: str, *, by: str = "") -> str:
    """A quantile of a histogram, over all pods."""
    grouping = f"le, {by}" if by else "le"
    return f"histogram_quantile({share}, {total_rate(f'{metric}_bucket', matchers, by=grouping)})"


def mean(metric: str, matchers: str, *, by: str = "", window: str = WINDOW) -> str:
    """Mean of what a histogram observed, over all pods."""
    numerator = total_rate(f"{metric}_sum", matchers, by=by, window=window)
    return f"{numerator} / {total_rate(f'{metric}_count', matchers, by=by, window=window)}"


ARRIVAL_RATE: Final = f"max({rate('sentistream_stream_entries_added', STREAM)})"
PROCESSED_RATE: Final = total_rate("sentistream_posts_processed_total", WORKER)
CAPACITY: Final = f"sum(sentistream_worker_capacity_posts_per_second{{{WORKER}}})"
