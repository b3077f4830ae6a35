"""The values of a JSON text are counted before it is parsed."""

import json

from hypothesis import given
from hypothesis import strategies as st

from sentistream_api.http.json_values import has_more_values

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(alphabet='"\\,[{}]: a\n'),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(alphabet='"\\,[{ '), inner, max_size=5),
)


def values(parsed: object) -> int:
    """Elements and members; an empty array or object counts as if it had one."""
    if isinstance(parsed, dict):
        return max(1, len(parsed)) + sum(map(values, parsed.values()))
    if isinstance(parsed, list):
        return max(1, len(parsed)) + sum(map(values, parsed))
    return 0


@given(JSON, st.sampled_from([None, 2]))
def test_values_are_counted_whatever_texts_hold(parsed: object, indent: int | None) -> None:
    text = json.dumps(parsed, indent=indent).encode()
    count = values(parsed)
    assert not has_more_values(text, count)
    assert not count or has_more_values(text, count - 1)
