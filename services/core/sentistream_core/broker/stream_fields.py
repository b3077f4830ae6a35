"""The fields of an XADD."""

from collections.abc import Mapping
from typing import Any, cast


def stream_fields(fields: Mapping[str, str] | Mapping[str, bytes | str] | Mapping[bytes, bytes]) -> dict[Any, Any]:
    """The same, for the types of redis-py: its dict is invariant, so that no dict of one kind of value fits."""
    return cast("dict[Any, Any]", fields)
