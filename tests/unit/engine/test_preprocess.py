"""What the model gets to read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentistream_worker.preprocess import MAX_CHARACTERS, preprocess


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("@Alice_1 thanks!", "@user thanks!"),
        ("cc @bob.bsky.social, @eve@mastodon.example.", "cc @user, @user."),
        ("(@zoë)", "(@user)"),
        ("write to me@example.org", "write to me@example.org"),
        ("meet @ noon", "meet @ noon"),
        ("look https://example.org/a?b=c#d now", "look http now"),
        ("HTTP://EXAMPLE.ORG and www.example.org", "http and http"),
        ("pic.twitter.com/abc t.co/xyz", "http http"),
        ("https://example.org/@alice", "http"),
        (" two\n lines\t\u00a0here ", "two lines here"),
        ("salt &amp; pepper &lt;3", "salt & pepper <3"),
        ("great \U0001f602\U0001f602\U0001f602", "great face with tears of joy"),
        ("so \U0001f44d\U0001f3fd good \u2764\ufe0f", "so thumbs up sign good red heart"),
        ("half \ud83d of a pair", "half ? of a pair"),
        ("@user http", "@user http"),
        ("", ""),
        (" \n ", ""),
    ],
)
def test_normalisation(raw: str, read: str) -> None:
    assert preprocess(raw) == read


def test_nothing_after_the_limit_is_read() -> None:
    start = "a" * MAX_CHARACTERS
    assert preprocess(start + "b" * 1_000_000) == start


@given(st.text(max_size=3 * MAX_CHARACTERS))
def test_any_text_becomes_one_bounded_line(text: str) -> None:
    result = preprocess(text)
    assert len(result) <= MAX_CHARACTERS
    assert result == " ".join(result.split())
    result.encode("utf-8")


@given(st.lists(st.sampled_from(["@user", "http", "good", "bad.", "#tag", ":)", "@", "3"])).map(" ".join))
def test_what_is_normal_already_stays(text: str) -> None:
    assert preprocess(text) == text
