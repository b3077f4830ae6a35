"""The recipe's file is checked before anything is trained."""

from pathlib import Path

import pytest

from model.recipe import SHIPPED, read_recipe


def test_the_shipped_recipe_is_one() -> None:
    assert read_recipe(SHIPPED).distil.layers == [0, 2, 5]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("folds = 4", "folds = 1", r"teachers\.folds"),
        ("steps = 25900", 'steps = "many"', r"distil\.steps"),
        ("copies = 2", "copies = 2\ncopy = 3", r"rewrite\.copy"),
        ("[rewrite]", "[rewrite", "recipe"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, old: str, new: str, told: str) -> None:
    path = tmp_path / "recipe.toml"
    path.write_text(SHIPPED.read_text().replace(old, new))
    with pytest.raises(ValueError, match=told):
        read_recipe(path)
