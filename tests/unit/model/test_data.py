"""Files of posts."""

from pathlib import Path

import numpy as np
import pytest

from model.data import read_labelled, read_posts, read_soft


def test_a_malformed_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "posts.tsv"
    path.write_text("positive\tfine\njoyful\tfine\n")
    with pytest.raises(ValueError, match=r"posts\.tsv:2"):
        read_labelled(path)


def test_texts_are_preprocessed(tmp_path: Path) -> None:
    path = tmp_path / "posts.tsv"
    path.write_text("negative\t@alice  https://example.org\tnow\n")
    posts = read_labelled(path)
    assert (posts.texts, posts.labels) == (["@user http now"], [0])


def test_posts_are_those_of_a_labelled_file_or_the_lines_of_a_text_file(tmp_path: Path) -> None:
    (tmp_path / "posts.tsv").write_text("negative\toh no\n")
    (tmp_path / "posts.txt").write_text("negative\toh no\n\nfine\n")
    assert read_posts(tmp_path / "posts.tsv") == ["oh no"]
    assert read_posts(tmp_path / "posts.txt") == ["negative oh no", "fine"]


def test_soft_labels_are_probabilities(tmp_path: Path) -> None:
    path = tmp_path / "posts.tsv"
    path.write_text("0.2,0.3,0.5\tfine\n")
    texts, probabilities = read_soft(path)
    assert texts == ["fine"]
    assert probabilities == pytest.approx(np.array([[0.2, 0.3, 0.5]]))


@pytest.mark.parametrize("field", ["neutral", "0.5,0.5", "0.5,0.5,0.5", "-0.5,0.5,1", "a,b,c"])
def test_soft_labels_that_are_none_are_named(tmp_path: Path, field: str) -> None:
    path = tmp_path / "posts.tsv"
    path.write_text(f"{field}\tfine\n")
    with pytest.raises(ValueError, match=r"posts\.tsv:1"):
        read_soft(path)


@pytest.mark.parametrize("name", ["posts.tsv", "posts.txt"])
def test_a_file_without_posts_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("")
    with pytest.raises(ValueError, match="no posts in it"):
        read_posts(tmp_path / name)
