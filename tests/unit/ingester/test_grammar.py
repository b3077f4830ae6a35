from random import Random

import pytest

from sentistream_ingester.sources.simulate.grammar import Grammar, GrammarError


def all_expansions(grammar: Grammar, rule: str) -> set[str]:
    random = Random(1)
    return {grammar.expand(rule, random) for _ in range(500)}


def test_choices_and_references_nest() -> None:
    grammar = Grammar({"post": ["{who} (likes|hates (the |)rain)"], "who": ["Ann", "Bo"]})
    assert all_expansions(grammar, "post") == {
        f"{who} {what}" for who in ("Ann", "Bo") for what in ("likes", "hates rain", "hates the rain")
    }


def test_empty_choices_leave_no_double_blanks() -> None:
    assert all_expansions(Grammar({"post": ["a (b|) c"]}), "post") == {"a b c", "a c"}


def test_a_rule_expanded_once_stays_the_same_within_a_post_only() -> None:
    cities = ["Rome", "Oslo", "Lima"]
    grammar = Grammar({"post": ["{city} {trip}"], "trip": ["to {city}"], "city": cities}, once={"city"})
    assert all_expansions(grammar, "post") == {f"{city} to {city}" for city in cities}


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ({"post": ["{nobody} sings"]}, "post refers to {nobody}"),
        ({"a": ["{b}"], "b": ["{a}"]}, "back to themselves"),
        ({"post": ["(a|b"]}, "unbalanced"),
        ({"post": ["a|b"]}, "outside of parentheses"),
        ({"post": ["a)"]}, "outside of parentheses"),
        ({"post": ["{a b}"]}, "unbalanced"),
        ({"post": []}, "no alternative"),
    ],
)
def test_a_grammar_that_cannot_work_is_refused(rules: dict[str, list[str]], message: str) -> None:
    with pytest.raises(GrammarError, match=message.replace("{", r"\{").replace("}", r"\}")):
        Grammar(rules)
