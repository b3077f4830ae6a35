"""What a source is.

A folder of `sources/` provides a `SourceType`: its settings, its command line, and how to make a `Source` of them. The
rest is the same for all sources: `run` paces them, slows them down when the workers fall behind, writes their posts,
keeps their cursor, counts, and tells how far they are.
"""

from abc import ABC, abstractmethod
from argparse import ArgumentParser, Namespace
from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeAlias, TypeVar

from sentistream_core.change import Change
from sentistream_ingester.memory import Memory
from sentistream_ingester.patterns import RateAt
from sentistream_ingester.settings import IngesterSettings

S = TypeVar("S", bound=IngesterSettings)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that is no post: counted, reported and skipped."""

    record: str
    """Which one, for people: line 5."""
    reason: str
    """One of a few words, a label of metrics: invalid_id."""
    detail: str
    """What is wrong with it, for people."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A record that fits and that nobody asked for: counted."""

    reason: str
    """One of a few words, a label of metrics: language."""
    lang: str = ""
    """The language that was identified, BCP 47, where that is the reason; a label of metrics as well."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Once all events before this one are in the stream, the source need not repeat them."""

    cursor: str
    """Where to go on, in the source's own terms. Whoever keeps it compares it with nothing: it must not go back."""
    time: datetime | None = None
    """When the platform got the last event before, where it tells; with a time zone."""


Event: TypeAlias = Change | Rejected | Skipped | Checkpoint
"""What a source yields, in its order."""


@dataclass(frozen=True, slots=True)
class Position:
    """How far a source is."""

    fields: Mapping[str, float]
    """For the log."""
    text: str
    """For a terminal: 12% of the file."""


@dataclass(frozen=True, slots=True)
class Result:
    """How a run ended."""

    posts: int
    """Those that the broker confirmed."""
    rejected: int
    is_complete: bool
    """Whether the source came to its end; else a signal ended the run."""


class UsageError(Exception):
    """Arguments that do not fit; the message is for whoever typed them."""


class UnusableSourceError(Exception):
    """Nothing can be read from the source, and trying again will not help; the message names it and says why."""


class Source(ABC):
    """One stream of events, which one reader at a time reads."""

    rate: RateAt | None = None
    """Posts a second to ask of it; None is as they come, as fast as broker and workers take them."""
    cursor_name: str | None = None
    """What it reads, as the name that its cursor is kept under: two hosts number their events differently, say. Of all
    processes whose source has this name one reads, and the others stand by. None is a source that cannot go on where it
    was, and that any number of processes may read."""

    @abstractmethod
    def events(self, cursor: str | None) -> AsyncGenerator[Event, None]:
        """Events from the cursor on that was kept last, or, without one, from wherever the source begins.

        The next event is asked for only when it may be written soon: a source that pushes is slowed down by not being
        read, one that makes its posts makes them then. Posts have to be what a worker can read (see `posts.py`).
        Connections that break are the source's own to mend. The generator is closed in the end; another one is asked
        for when the process stood by in between.

        Raises:
            UnusableSourceError: it cannot be read.
        """

    def use(self, memory: Memory) -> None:  # noqa: B027 (most need none)
        """Called before the first event, where it has a `cursor_name`: what it may keep in the broker besides."""

    def describe(self) -> Mapping[str, object]:
        """What the log says when it begins."""
        return {}

    def position(self) -> Position | None:
        """How far it is, where that can be told."""
        return None

    def exit_code(self, result: Result) -> int:  # noqa: ARG002 (for those that have more to say)
        """What the process ends with."""
        return 0


def _no_arguments(_: ArgumentParser) -> None:
    pass


@dataclass(frozen=True, slots=True)
class SourceType(Generic[S]):
    name: str
    """Its folder, its command, and its label in metrics."""
    summary: str
    """One line of the overview."""
    description: str
    """What its --help begins with."""
    settings: type[S]
    """Each field is a flag as well, without the prefix `ingester_` or the source's name."""
    open: Callable[[S, Namespace], Source]
    """Makes the source of settings and arguments. Raises UsageError where they do not fit."""
    positional: str = ""
    """Arguments without a flag, as they stand in the usage: FILE."""
    add_arguments: Callable[[ArgumentParser], None] = _no_arguments
    """Adds what is no setting, because it means one run and not an installation."""
