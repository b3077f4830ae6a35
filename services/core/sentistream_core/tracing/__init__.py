"""Traces of single posts, from where they enter to the clients that see them. Off unless a collector is set."""

from collections.abc import Iterator
from contextlib import contextmanager

from sentistream_core.tracing.settings import TracingSettings
from sentistream_core.tracing.tracing import NO_TRACING, Span, Tracing, is_traced

__all__ = ["NO_TRACING", "Span", "Tracing", "TracingSettings", "is_traced", "trace_posts"]


@contextmanager
def trace_posts(service: str, settings: TracingSettings) -> Iterator[Tracing]:
    """What the service traces with; in the end the spans that are left are sent."""
    if settings.tracing_endpoint is None:
        yield NO_TRACING
        return
    # OpenTelemetry takes memory and time to import: only who uses it pays.
    from sentistream_core.tracing.open_telemetry import OpenTelemetry  # noqa: PLC0415

    tracing = OpenTelemetry(
        str(settings.tracing_endpoint), settings.tracing_ratio, service=service, instance=settings.pod_name
    )
    try:
        yield tracing
    finally:
        tracing.close()
