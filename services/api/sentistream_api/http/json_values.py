"""Counts the values in a JSON text without parsing it: an empty object has two bytes of text, but sixty in memory."""

import re
from itertools import islice
from typing import Final

_SEPARATORS: Final = (b"[", b"{", b",")
"""One of these precedes each element of an array and each member of an object. Strings may contain them, too."""
_NEXT_SEPARATOR: Final = re.compile(rb'(?:[^"\[{,]++|"(?:[^"\\]++|\\.)*+"?)*+([\[{,]|\Z)', re.DOTALL)
"""The next separator that is not in a string."""


def has_more_values(text: bytes | bytearray, limit: int) -> bool:
    """Whether there are more than `limit` elements and members. An empty array or object counts as one.

    Text that is not valid JSON is counted in the same way.
    """
    if sum(map(text.count, _SEPARATORS)) <= limit:
        return False
    one_more = next(islice(_NEXT_SEPARATOR.finditer(text), limit, None), None)
    return one_more is not None and one_more[1] != b""
