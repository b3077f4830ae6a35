"""Terms are what people would read out of a post, and what a search finds it by."""

import pytest

from sentistream_core.terms.extraction import Kind, kind_of, terms_of


@pytest.mark.parametrize(
    ("content", "terms"),
    [
        ("New brakes FAILED", {"new", "brakes", "failed", "new brakes", "brakes failed"}),
        ("brakes. Failed, again", {"brakes", "failed", "again"}),
        ("I don't like it", {"don't", "like", "it", "don't like", "like it"}),
        ("so #Kestrel with @Owner_1!", {"so", "#kestrel", "with", "@owner_1"}),
        ("angry 😡😡 now", {"angry", "😡", "now"}),
        ("see https://example.com/brakes?x=1 and www.example.org/a", {"see", "and"}),
        ("in 2024 1 a 5g", {"in", "5g"}),
        (
            "mail me at owner@example.com",
            {"mail", "me", "at", "owner", "example", "com", "mail me", "me at", "at owner"},
        ),
        ("x" * 41 + " #" + "y" * 41, set()),
        ("ünïcode Straße", {"ünïcode", "straße", "ünïcode straße"}),
        ("", set()),
    ],
)
def test_terms(content: str, terms: set[str]) -> None:
    assert terms_of(content) == terms


@pytest.mark.parametrize(
    ("term", "kind"),
    [
        ("brakes", Kind.WORD),
        ("_x", Kind.WORD),
        ("#kestrel", Kind.HASHTAG),
        ("@owner", Kind.MENTION),
        ("😡", Kind.EMOJI),
        ("new brakes", Kind.PAIR),
    ],
)
def test_kinds(term: str, kind: Kind) -> None:
    assert kind_of(term) is kind
