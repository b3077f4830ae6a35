"""How many values a JSON text has, without parsing it: an empty object takes two bytes as text and sixty in memory."""

import re
from itertools import islice
from typing import Final

_SEPARATORS: Final = (b"[", b"{", b",")
"""One stands before each element of an array and each member of an object; texts may hold them, too."""
_NEXT_SEPARATOR: Final = re.compile(rb'(?:[^"\[{,]++|"(?:[^"\\]++|\\.)*+"?)*+([\[{,]|\Z)', re.DOTALL)
"""Past all strings before it."""


def has_more_values(text: bytes | bytearray, limit: int) -> bool:
    """Whether there are more elements and members than that; an empty array or object counts as if it had one.

    What is no JSON is counted as if it were.
    """
    if sum(map(text.count, _SEPARATORS)) <= limit:
        return False
    one_more = next(islice(_NEXT_SEPARATOR.finditer(text), limit, None), None)
    return one_more is not None and one_more[1] != b""
