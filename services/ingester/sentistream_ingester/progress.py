"""Progress of a run: a line that is updated on a terminal, otherwise log lines."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, TextIO

from sentistream_core.log import get_logger
from sentistream_ingester.source import Position, Rejected

SHOWN_REJECTIONS = 20
"""How many rejected records are reported individually; all are counted."""
_ONLY_COUNTED = "further rejected records are only counted"


@dataclass(frozen=True, slots=True)
class Status:
    """The progress of a run."""

    posts: int
    rejected: int
    seconds: float
    skipped: int = 0
    position: Position | None = None

    @property
    def posts_per_second(self) -> float:
        return self.posts / self.seconds if self.seconds else 0.0


class Progress(Protocol):
    interval_seconds: float

    def begin(self, described: Mapping[str, object]) -> None: ...
    def show(self, status: Status) -> None: ...
    def reject(self, rejected: Rejected) -> None: ...
    def end(self, status: Status, *, unconfirmed: int, is_complete: bool) -> None: ...


class LogProgress:
    interval_seconds = 60.0

    def __init__(self) -> None:
        self._rejected = 0

    def begin(self, described: Mapping[str, object]) -> None:
        get_logger().info("ingestion begins", **described)

    def show(self, status: Status) -> None:
        get_logger().info("ingestion goes on", **_fields(status))

    def reject(self, rejected: Rejected) -> None:
        self._rejected += 1
        if self._rejected > SHOWN_REJECTIONS:
            return
        more = {"note": _ONLY_COUNTED} if self._rejected == SHOWN_REJECTIONS else {}
        get_logger().warning(
            "record rejected", record=rejected.record, reason=rejected.reason, detail=rejected.detail, **more
        )

    def end(self, status: Status, *, unconfirmed: int, is_complete: bool) -> None:
        get_logger().info(
            "ingestion ends",
            **_fields(status),
            unconfirmed=unconfirmed,
            seconds=round(status.seconds, 1),
            complete=is_complete,
        )


class TerminalProgress:
    interval_seconds = 0.2

    def __init__(self, terminal: TextIO = sys.stderr) -> None:
        self._terminal = terminal
        self._rejected = 0

    def begin(self, described: Mapping[str, object]) -> None:
        if described:
            self._write(", ".join(f"{name} {value}" for name, value in described.items()) + "\n")

    def show(self, status: Status) -> None:
        self._write(_sentence(status))

    def reject(self, rejected: Rejected) -> None:
        self._rejected += 1
        if self._rejected > SHOWN_REJECTIONS:
            return
        self._write(f"{rejected.record} rejected: {rejected.detail}\n")
        if self._rejected == SHOWN_REJECTIONS:
            self._write(f"{_ONLY_COUNTED}\n")

    def end(self, status: Status, *, unconfirmed: int, is_complete: bool) -> None:
        end = "done" if is_complete else "stopped"
        doubt = f", {unconfirmed} perhaps written" if unconfirmed else ""
        self._write(f"{_sentence(status)}{doubt} in {status.seconds:.1f} s, {end}\n")

    def _write(self, text: str) -> None:
        # Return to the first column and clear the line (ECMA-48).
        self._terminal.write(f"\r\x1b[K{text}")
        self._terminal.flush()


def choose_progress() -> Progress:
    return TerminalProgress() if sys.stderr.isatty() else LogProgress()


def _fields(status: Status) -> dict[str, float]:
    fields: dict[str, float] = {
        "posts": status.posts,
        "posts_per_second": round(status.posts_per_second, 1),
        "rejected": status.rejected,
        "skipped": status.skipped,
    }
    return {**fields, **status.position.fields} if status.position else fields


def _sentence(status: Status) -> str:
    parts = [f"{status.posts:,} posts", f"{status.posts_per_second:,.0f} posts/s"]
    if status.position and status.position.text:
        parts.append(status.position.text)
    if status.rejected:
        parts.append(f"{status.rejected:,} records rejected")
    if status.skipped:
        parts.append(f"{status.skipped:,} skipped")
    return ", ".join(parts)
