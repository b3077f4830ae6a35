"""Timestamp identifiers, which name records and revisions of a repository (atproto.com/specs/tid)."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_ALPHABET: Final = "234567abcdefghijklmnopqrstuvwxyz"
_VALUES: Final = {character: value for value, character in enumerate(_ALPHABET)}
_TID: Final = re.compile(f"[{_ALPHABET[:16]}][{_ALPHABET}]{{12}}")
_CLOCK_ID_BITS: Final = 10


def time_of_tid(tid: str) -> datetime | None:
    """The time that it was made for, by its maker's clock, until the year 2255; None if it is no TID."""
    if not _TID.fullmatch(tid):
        return None
    number = 0
    for character in tid:
        number = number << 5 | _VALUES[character]
    return _EPOCH + timedelta(microseconds=number >> _CLOCK_ID_BITS)
