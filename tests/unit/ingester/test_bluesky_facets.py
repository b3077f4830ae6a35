from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentistream_ingester.sources.bluesky.facets import full_text

LINK = "https://example.com/news/2026/a-very-long-title?id=5"


def facet(start: int, end: int, **feature: Any) -> dict[str, Any]:  # noqa: ANN401
    kind = "link" if "uri" in feature else "mention"
    return {
        "index": {"byteStart": start, "byteEnd": end},
        "features": [{"$type": f"app.bsky.richtext.facet#{kind}", **feature}],
    }


def over(text: str, part: str, **feature: Any) -> dict[str, Any]:  # noqa: ANN401
    start = len(text[: text.index(part)].encode())
    return facet(start, start + len(part.encode()), **feature)


@pytest.mark.parametrize("shown", ["example.com/news/2026...", "example.com/ne…", "https://example.com/news", LINK])
def test_a_shortened_link_becomes_the_whole(shown: str) -> None:
    text = f"🙂 größe {shown} !"
    assert full_text(text, [over(text, shown, uri=LINK)]) == f"🙂 größe {LINK} !"


def test_words_of_the_author_stay_and_the_link_comes_after_them() -> None:
    text = "read this, please"
    assert full_text(text, [over(text, "this", uri=LINK)]) == f"read this {LINK}, please"


def test_a_mention_begins_with_an_at() -> None:
    text = "with @ann.bsky.social and bob"
    facets = [over(text, "bob", did="did:plc:b"), over(text, "@ann.bsky.social", did="did:plc:a")]
    assert full_text(text, facets) == "with @ann.bsky.social and @bob"


@pytest.mark.parametrize(
    "facets",
    [
        None,
        {},
        [None],
        [{"index": None, "features": []}],
        [facet(3, 1, uri=LINK)],
        [facet(-1, 3, uri=LINK)],
        [facet(0, 99, uri=LINK)],
        [facet(1, 4, uri=LINK)],  # begins within ü
        [facet(0, 2, uri="javascript:alert(1)")],
        [facet(0, 2, uri=f"https://{'x' * 3_000}")],
        [facet(0, 2, uri="https://a b")],
        [{"index": {"byteStart": True, "byteEnd": 2}, "features": [{"$type": "#link", "uri": LINK}]}],
    ],
)
def test_a_facet_that_does_not_fit_changes_nothing(facets: Any) -> None:  # noqa: ANN401
    assert full_text("über uns", facets) == "über uns"


def test_of_two_over_each_other_the_first_counts() -> None:
    assert full_text("example.com", [facet(0, 11, uri=LINK), facet(2, 5, uri=LINK)]) == LINK


INDEX = st.integers(-1, 12)


@given(st.text("zß🙂\ud83d", max_size=8), st.lists(st.builds(facet, INDEX, INDEX, uri=st.just(LINK)), max_size=5))
def test_around_words_that_are_no_link_nothing_but_links_is_added(text: str, facets: list[dict[str, Any]]) -> None:
    assert full_text(text, facets).replace(f" {LINK}", "") == text
