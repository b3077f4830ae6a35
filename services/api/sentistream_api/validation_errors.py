"""Describes validation errors in words."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

_SHOWN_ERRORS: Final = 10
_SHOWN_CHARACTERS: Final = 300


def describe_errors(errors: Sequence[Mapping[str, Any]]) -> str:
    """The first of pydantic's errors, each with its location, as a text of limited length."""
    shown = [_describe(error)[:_SHOWN_CHARACTERS] for error in errors[:_SHOWN_ERRORS]]
    more = len(errors) - len(shown)
    return "; ".join([*shown, f"and {more:,} more"] if more else shown)


def _describe(error: Mapping[str, Any]) -> str:
    return f"{'.'.join(str(part) for part in error['loc'])}: {error['msg']}"
