"""The interface for tracing posts, and its implementation for when tracing is off."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from sentistream_core.post import Post


@dataclass(frozen=True, slots=True)
class Span:
    """One step of a post's processing."""

    name: str
    start: datetime
    end: datetime
    attributes: Mapping[str, str | int | float] = field(default_factory=dict)


class Tracing(Protocol):
    """A post that is traced carries a W3C trace context (`traceparent`) whose sampled flag is set."""

    def ingesting(self, posts: Sequence[Post], stream: str) -> AbstractContextManager[Sequence[Post]]:
        """Record `ingest` spans while the block writes posts to a stream. It yields the posts to write.

        Traced posts have the context of their `ingest` span as `traceparent`. A post with a context of its sender
        belongs to the sender's trace, and is traced if the sampled flag there is set.
        """
        ...

    def record(self, traceparent: str | None, spans: Sequence[Span]) -> None:
        """Record what happened to a post, if it is traced."""
        ...


class _NoTracing:
    @contextmanager
    def ingesting(self, posts: Sequence[Post], stream: str) -> Iterator[Sequence[Post]]:  # noqa: ARG002 (the protocol's)
        yield posts

    def record(self, traceparent: str | None, spans: Sequence[Span]) -> None:
        pass


NO_TRACING: Tracing = _NoTracing()


def is_traced(traceparent: str | None) -> bool:
    """A cheap check of the sampled flag, before spans are prepared; https://www.w3.org/TR/trace-context/#trace-flags."""
    if traceparent is None:
        return False
    flags = traceparent.rpartition("-")[2]
    try:
        return len(flags) == 2 and bool(int(flags, 16) & 1)  # noqa: PLR2004
    except ValueError:
        return False
