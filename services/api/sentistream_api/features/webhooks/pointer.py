"""JSON pointers (RFC 6901)."""

import re
from typing import Any, Final

_ESCAPED: Final = re.compile(r"~[01]")
_INDEX: Final = re.compile(r"0|[1-9][0-9]{0,8}")


def checked_pointer(pointer: str) -> str:
    """Raises ValueError if it is none."""
    if (pointer and not pointer.startswith("/")) or "~" in _ESCAPED.sub("", pointer):
        raise ValueError(f"{pointer!r} is no JSON pointer, such as /data/text")
    return pointer


def find(value: Any, pointer: str) -> Any | None:  # noqa: ANN401 (whatever JSON holds)
    """What is there; None for nothing and for null."""
    for token in pointer.split("/")[1:]:
        name = token.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict):
            value = value.get(name)
        elif isinstance(value, list) and _INDEX.fullmatch(name) and int(name) < len(value):
            value = value[int(name)]
        else:
            return None
    return value
