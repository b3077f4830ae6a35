"""What a replay says while it runs: a line that is rewritten on a terminal, log lines elsewhere."""

import sys
from dataclasses import dataclass
from typing import Protocol, TextIO

from sentistream_core.log import get_logger
from sentistream_ingester.replay.formats import Rejected

SHOWN_REJECTIONS = 20
"""Rejected lines that are reported one by one; all of them are counted."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a replay is."""

    posts: int
    rejected: int
    seconds: float
    round: int
    share: float | None = None
    """Share of the file that was read in this round, where known."""

    @property
    def posts_per_second(self) -> float:
        return self.posts / self.seconds if self.seconds else 0.0


class Progress(Protocol):
    interval_seconds: float

    def show(self, standing: Standing) -> None: ...
    def reject(self, rejected: Rejected, *, is_last_shown: bool) -> None: ...
    def summarise(self, standing: Standing, *, unconfirmed: int, is_complete: bool) -> None: ...


class LogProgress:
    interval_seconds = 10.0

    def show(self, standing: Standing) -> None:
        get_logger().info("replay", **_fields(standing))

    def reject(self, rejected: Rejected, *, is_last_shown: bool) -> None:
        more = {"note": "further rejected lines are only counted"} if is_last_shown else {}
        get_logger().warning("line rejected", line=rejected.line, reason=rejected.reason, **more)

    def summarise(self, standing: Standing, *, unconfirmed: int, is_complete: bool) -> None:
        event = "replay ends" if is_complete else "replay stopped before the end"
        get_logger().info(event, **_fields(standing), unconfirmed=unconfirmed, seconds=round(standing.seconds, 1))


class TerminalProgress:
    interval_seconds = 0.2

    def __init__(self, terminal: TextIO = sys.stderr) -> None:
        self._terminal = terminal

    def show(self, standing: Standing) -> None:
        self._write(_sentence(standing))

    def reject(self, rejected: Rejected, *, is_last_shown: bool) -> None:
        self._write(f"line {rejected.line} rejected: {rejected.reason}\n")
        if is_last_shown:
            self._write("further rejected lines are only counted\n")

    def summarise(self, standing: Standing, *, unconfirmed: int, is_complete: bool) -> None:
        end = "done" if is_complete else "stopped before the end"
        doubt = f", {unconfirmed} perhaps written" if unconfirmed else ""
        self._write(f"{_sentence(standing)}{doubt} in {standing.seconds:.1f} s, {end}\n")

    def _write(self, text: str) -> None:
        # Back to the first column, and clear what the last text left (ECMA-48).
        self._terminal.write(f"\r\x1b[K{text}")
        self._terminal.flush()


def choose_progress() -> Progress:
    return TerminalProgress() if sys.stderr.isatty() else LogProgress()


def _fields(standing: Standing) -> dict[str, float]:
    fields: dict[str, float] = {
        "posts": standing.posts,
        "posts_per_second": round(standing.posts_per_second, 1),
        "rejected": standing.rejected,
        "round": standing.round,
    }
    return fields if standing.share is None else {**fields, "share": round(standing.share, 3)}


def _sentence(standing: Standing) -> str:
    parts = [f"{standing.posts:,} posts", f"{standing.posts_per_second:,.0f} posts/s"]
    if standing.share is not None:
        parts.append(f"{standing.share:.0%} of the file")
    if standing.round:
        parts.append(f"round {standing.round + 1}")
    if standing.rejected:
        parts.append(f"{standing.rejected:,} lines rejected")
    return ", ".join(parts)
