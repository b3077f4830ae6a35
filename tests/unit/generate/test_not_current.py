from pathlib import Path

from generate.__main__ import not_current

FOLDER = Path("made")


def test_what_is_not_current_is_named(tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / "current").write_text("as made")
    (tmp_path / FOLDER / "changed").write_text("by hand")
    (tmp_path / FOLDER / "left").write_text("by a maker that is gone")
    made = {FOLDER / "current": "as made", FOLDER / "changed": "as made", Path("missing"): "as made"}
    assert not_current(tmp_path, made, [FOLDER]) == [FOLDER / "changed", Path("missing"), FOLDER / "left"]
