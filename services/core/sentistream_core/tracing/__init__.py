"""Traces of single posts, from the ingester or API to the dashboard's clients. Off unless a collector is set."""

from collections.abc import Iterator
from contextlib import contextmanager

from sentistream_core.tracing.settings import TracingSettings
from sentistream_core.tracing.tracing import NO_TRACING, Span, Tracing, is_traced

__all__ = ["NO_TRACING", "Span", "Tracing", "TracingSettings", "is_traced", "trace_posts"]


@contextmanager
def trace_posts(service: str, settings: TracingSettings) -> Iterator[Tracing]:
    """Trace the service's posts within the block. At its end the remaining spans are sent."""
    if settings.tracing_endpoint is None:
        yield NO_TRACING
        return
    # Imported only where it is used: OpenTelemetry takes memory and time to import.
    from sentistream_core.tracing.open_telemetry import OpenTelemetry  # noqa: PLC0415

    tracing = OpenTelemetry(
        str(settings.tracing_endpoint), settings.tracing_ratio, service=service, instance=settings.pod_name
    )
    try:
        yield tracing
    finally:
        tracing.close()
