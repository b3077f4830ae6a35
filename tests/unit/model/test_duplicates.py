"""Near-duplicates between files are found, named and taken out."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import duplicates
from model.duplicates import THRESHOLD, near_duplicates

TWEET = "Tickets for the open air concert on Saturday are sold out"


@pytest.mark.parametrize(
    "other",
    [
        TWEET,
        f"{TWEET} http",
        f"@user {TWEET.lower()}!!!",
        f"RT @user: {TWEET} #music",
        TWEET.replace("Saturday", "Sunday"),
    ],
)
def test_the_same_tweet_in_other_clothes_is_found(other: str) -> None:
    (pair,) = near_duplicates(["something else entirely", TWEET], ["nothing of that", other])
    assert (pair.held_out, pair.training) == (1, 1)
    assert pair.similarity >= THRESHOLD


def test_posts_about_the_same_thing_are_no_duplicates() -> None:
    assert near_duplicates([TWEET], ["We were late, and the concert on Saturday had no tickets left for us"]) == []


def test_the_most_similar_is_told() -> None:
    (pair,) = near_duplicates([TWEET], [TWEET.replace("Saturday", "Sunday"), TWEET])
    assert (pair.training, pair.similarity) == (1, 1.0)


@given(st.lists(st.text("abc ", max_size=14), max_size=12), st.lists(st.text("abc ", max_size=14), max_size=12))
def test_the_index_misses_no_pair(ours: list[str], theirs: list[str]) -> None:
    def similarity(left: str, right: str) -> float:
        first, second = duplicates.grams(left), duplicates.grams(right)
        return len(first & second) / max(1, len(first | second))

    expected = {row for row, text in enumerate(ours) if any(similarity(text, other) >= THRESHOLD for other in theirs)}
    assert {pair.held_out for pair in near_duplicates(ours, theirs)} == expected


def test_the_command_refuses_them_by_line_or_writes_the_file_without_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    held_out, training, texts = tmp_path / "val.tsv", tmp_path / "train.tsv", tmp_path / "texts.txt"
    held_out.write_text(f"neutral\tsomething else entirely\npositive\t{TWEET}\n")
    training.write_text(f"positive\t{TWEET} http\n")
    texts.write_text("nothing of that\n")
    command = ["--held-out", str(held_out), "--training", str(training), "--training", str(texts)]
    with pytest.raises(SystemExit) as refusal:
        duplicates.main(command)
    assert refusal.value.code == 1
    assert "val.tsv: 1 posts stand nearly alike in" in (told := capsys.readouterr().err)
    assert "train.tsv: 2 (1)" in told
    with pytest.raises(SystemExit) as done:
        duplicates.main([*command, "--out", str(tmp_path / "clean")])
    assert done.value.code == 0
    assert (tmp_path / "clean/val.tsv").read_text() == "neutral\tsomething else entirely\n"
