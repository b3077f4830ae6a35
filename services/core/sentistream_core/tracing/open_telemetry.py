"""Traces by OpenTelemetry, sent in the background."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Final

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from opentelemetry.trace import Span as OpenSpan
from opentelemetry.trace import SpanKind, get_current_span
from opentelemetry.trace.propagation import tracecontext

from sentistream_core import __version__
from sentistream_core.post import Post
from sentistream_core.tracing.tracing import Span

_SEND_EVERY_MILLISECONDS: Final = 1_000
_TIMEOUT_SECONDS: Final = 3
"""Time limit of one export, also at shutdown. They run in the background: a collector that is away delays no post."""


class OpenTelemetry:
    """Spans wait in a bounded queue for the collector; those that do not fit are dropped."""

    def __init__(self, endpoint: str, ratio: float, *, service: str, instance: str) -> None:
        exporter = OTLPSpanExporter(f"{endpoint.rstrip('/')}/v1/traces", timeout=_TIMEOUT_SECONDS)
        resource = Resource.create(
            {
                "service.namespace": "sentistream",
                "service.name": service,
                "service.instance.id": instance,
                "service.version": __version__,
            }
        )
        self._provider = TracerProvider(
            sampler=ParentBased(TraceIdRatioBased(ratio)), resource=resource, shutdown_on_exit=False
        )
        self._provider.add_span_processor(BatchSpanProcessor(exporter, schedule_delay_millis=_SEND_EVERY_MILLISECONDS))
        self._tracer = self._provider.get_tracer("sentistream", __version__)
        self._propagator = tracecontext.TraceContextTextMapPropagator()

    @contextmanager
    def ingesting(self, posts: Sequence[Post], stream: str) -> Iterator[Sequence[Post]]:
        spans: list[OpenSpan] = []
        try:
            yield [self._begin(post, stream, spans) for post in posts]
        except BaseException as error:
            for span in spans:
                span.record_exception(error)
            raise
        finally:
            for span in spans:
                span.end()

    def _begin(self, post: Post, stream: str, spans: list[OpenSpan]) -> Post:
        span = self._tracer.start_span(
            "ingest",
            self._context(post.traceparent),
            kind=SpanKind.PRODUCER,
            attributes={
                "messaging.system": "redis",
                "messaging.destination.name": stream,
                "sentistream.post.id": str(post.id),
                "sentistream.post.source": post.source,
            },
        )
        context = span.get_span_context()
        if not span.is_recording():
            return post
        spans.append(span)
        return replace(post, traceparent=f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}")

    def record(self, traceparent: str | None, spans: Sequence[Span]) -> None:
        context = self._context(traceparent)
        if not get_current_span(context).get_span_context().trace_flags.sampled:
            return
        for each in spans:
            span = self._tracer.start_span(
                each.name,
                context,
                kind=SpanKind.CONSUMER,
                attributes=dict(each.attributes),
                start_time=_nanoseconds(each.start),
            )
            span.end(_nanoseconds(each.end))

    def _context(self, traceparent: str | None) -> Context:
        """The sender's context; an empty one if there is none or it is malformed."""
        return self._propagator.extract({} if traceparent is None else {"traceparent": traceparent}, Context())

    def close(self) -> None:
        """Send the remaining spans."""
        self._provider.shutdown()


def _nanoseconds(time: datetime) -> int:
    return int(time.timestamp() * 1_000_000) * 1_000
