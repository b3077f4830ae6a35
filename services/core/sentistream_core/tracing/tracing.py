"""What services trace with, and what it is while tracing is off."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from sentistream_core.post import Post


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a post's way."""

    name: str
    start: datetime
    end: datetime
    attributes: Mapping[str, str | int | float] = field(default_factory=dict)


class Tracing(Protocol):
    """A post that is traced carries a W3C trace context (`traceparent`) whose sampled flag is set."""

    def ingesting(self, posts: Sequence[Post], stream: str) -> AbstractContextManager[Sequence[Post]]:
        """While the block writes them to a stream: the posts, the traced ones with the context of their `ingest` span.

        A post whose sender gave it a context belongs to the sender's trace, and is traced if the sender's flag says so.
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
    """A cheap look at the sampled flag, for what need not be prepared in vain; https://www.w3.org/TR/trace-context/#trace-flags."""
    if traceparent is None:
        return False
    flags = traceparent.rpartition("-")[2]
    try:
        return len(flags) == 2 and bool(int(flags, 16) & 1)  # noqa: PLR2004
    except ValueError:
        return False
