"""A file as a source."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from enum import IntEnum

from sentistream_ingester.patterns import steady
from sentistream_ingester.source import Event, Position, Rejected, Result, Source, UnusableSourceError
from sentistream_ingester.sources.replay.file_reader import FileReader, Input
from sentistream_ingester.sources.replay.formats import UnusableFileError


class Outcome(IntEnum):
    """The values are exit codes."""

    COMPLETE = 0
    LINES_REJECTED = 1
    STOPPED = 3
    """By a signal, before the end of the file."""


class Replay(Source):
    def __init__(self, wanted: Input, *, rate: float, strict: bool) -> None:
        """`rate` is in posts a second, 0 as fast as possible; `strict` ends it at the first rejected line."""
        self.input = wanted
        self._strict = strict
        self._reader = FileReader(wanted)
        if rate > 0:
            self.rate = steady(rate)

    async def events(self, cursor: str | None) -> AsyncGenerator[Event, None]:  # noqa: ARG002 (a replay begins at the top)
        try:
            async with aclosing(self._reader.batches()) as batches:
                async for batch in batches:
                    for item in batch:
                        yield item
                        if self._strict and isinstance(item, Rejected):
                            return
        except (OSError, UnusableFileError) as error:
            raise UnusableSourceError(f"{self.input.name}: {error}") from error

    def describe(self) -> Mapping[str, object]:
        return {"file": self.input.name, "format": self.input.format.value}

    def position(self) -> Position:
        finished, share = self._reader.round, self._reader.share_read
        fields: dict[str, float] = {"round": finished}
        parts = [f"round {finished + 1}"] if self.input.loop else []
        if share is not None:
            fields["share"] = round(share, 3)
            parts.insert(0, f"{share:.0%} of the file")
        return Position(fields, ", ".join(parts))

    def exit_code(self, result: Result) -> Outcome:
        if result.rejected:
            return Outcome.LINES_REJECTED
        return Outcome.COMPLETE if result.is_complete or self.input.loop else Outcome.STOPPED
