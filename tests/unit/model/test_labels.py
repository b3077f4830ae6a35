"""Other models' labels become ours, or are refused."""

import pytest

from model.labels import map_labels, parse_labels


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        (["NEGATIVE", "POSITIVE"], ["negative", "positive"]),
        (["positive", "neutral", "negative"], ["positive", "neutral", "negative"]),
        (["NEG", "NEU", "POS"], ["negative", "neutral", "positive"]),
        (
            ["1 star", "2 stars", "3 stars", "4 stars", "5 stars"],
            ["negative", "negative", "neutral", "positive", "positive"],
        ),
    ],
)
def test_known_names(theirs: list[str], ours: list[str]) -> None:
    assert map_labels(dict(enumerate(theirs))) == ours


def test_names_that_tell_nothing_are_refused_with_the_remedy() -> None:
    with pytest.raises(ValueError, match=r"'LABEL_0'.*--labels"):
        map_labels({0: "LABEL_0", 1: "LABEL_1"})


def test_a_model_without_a_negative_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing negative"):
        map_labels({0: "neutral", 1: "positive"})


def test_labels_on_the_command_line() -> None:
    assert parse_labels("negative,positive") == ["negative", "positive"]
    with pytest.raises(ValueError, match="'good,bad'"):
        parse_labels("good,bad")
