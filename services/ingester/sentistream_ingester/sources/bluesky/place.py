"""Where in a Jetstream server's events a reader is."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_CURSOR: Final = re.compile(r"(\d{1,19})@(\d{1,16})")


@dataclass(frozen=True, slots=True)
class Place:
    number: int
    """What the server calls a cursor: seq in v2, time_us in v1. Another server numbers its events differently."""
    time_us: int
    """When the server got the event, in microseconds since 1970; about the same on all servers."""

    @property
    def time(self) -> datetime:
        return _EPOCH + timedelta(microseconds=self.time_us)

    def __str__(self) -> str:
        return f"{self.number}@{self.time_us}"


def read_place(cursor: str | None) -> Place | None:
    """The place that was written by `str`; None for anything else."""
    found = _CURSOR.fullmatch(cursor or "")
    return Place(int(found[1]), int(found[2])) if found else None


def microseconds(time: datetime) -> int:
    """Since 1970."""
    return (time - _EPOCH) // timedelta(microseconds=1)
