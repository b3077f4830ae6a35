"""How far a reader of a timeline is: the highest status id that it has seen."""

from typing import Final

_OVERLAP_MILLISECONDS: Final = 120_000
"""Posts of other instances come late, and have ids of when they were written."""
_TIME_BITS: Final = 16
"""A Mastodon id is milliseconds since 1970 and so many bits more."""


def later(one: str, other: str) -> str:
    """The higher of two ids: numbers, or words of one length that sort by time."""
    return max(one, other, key=lambda each: (len(each), each))


def before(status_id: str) -> str:
    """An id some minutes earlier; the same where ids tell no time."""
    if not status_id.isdigit():
        return status_id
    return str(max(0, int(status_id) - (_OVERLAP_MILLISECONDS << _TIME_BITS)))
