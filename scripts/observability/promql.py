"""Which metrics a PromQL expression reads."""

import re
from typing import Final

_NO_METRICS: Final = re.compile(
    r"""
    "(?:\\.|[^"\\])*"                                           # strings
    | \{[^{}]*\}                                                # matchers, once their strings are gone
    | \[[^\]]*\]                                                # windows
    | \b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)   # labels
    """,
    re.VERBOSE,
)
_WORD: Final = re.compile(r"(?<![\w.$])[a-zA-Z_:][\w:]*(?!\s*\(|\w)")
_OPERATORS: Final = {"and", "or", "unless", "bool", "offset", "inf", "nan"}


def metrics_of(expr: str) -> set[str]:
    """Names of the metrics in an expression, `_bucket`, `_sum` and `_count` of histograms as they stand there."""
    without_strings = re.sub(r'"(?:\\.|[^"\\])*"', "", expr)
    bare = _NO_METRICS.sub(" ", without_strings)
    return {word for word in _WORD.findall(bare) if word.lower() not in _OPERATORS}
