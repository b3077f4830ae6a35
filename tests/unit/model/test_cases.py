"""The hard cases: what the shipped model gets right of them does not change unnoticed."""

import json
from pathlib import Path

import pytest

from model import cases
from model.cases import CASES, cases_table, count, read_cases, right_of

SHIPPED = Path(__file__).parents[3] / "services" / "worker" / "model"


def test_there_are_three_hundred_of_seven_kinds_each_once() -> None:
    found = read_cases(CASES)
    assert len({case.text for case in found}) == len(found) == 300
    assert set(count(found)) == {"negation", "sarcasm", "quotes", "headlines", "emoji", "mixed", "slang"}


def test_the_card_tells_what_the_shipped_model_gets_right_and_what_the_version_before_did() -> None:
    manifest = json.loads((SHIPPED / "manifest.json").read_text())
    told = manifest["metrics"]["cases"]
    model = f"{manifest['name']}-{manifest['version']}"
    assert next(iter(told["right"])) == model
    assert len(told["right"]) == 2
    assert told["cases"] == count(read_cases(CASES)), "package the model anew when cases change"
    found = right_of(SHIPPED, read_cases(CASES))[model]
    for kind, right in told["right"][model].items():
        # Floats may be rounded otherwise on another processor, and a case lie just there.
        assert abs(found[kind] - right) <= 1
    assert cases_table(told["cases"], told["right"]) in (SHIPPED / "README.md").read_text()


def test_a_line_that_is_no_case_is_named(tmp_path: Path) -> None:
    path = tmp_path / "cases.tsv"
    path.write_text("# kind, label, text\nslang\tpositive\tthis slaps\nslang\tjoyful\tthis slaps\n")
    with pytest.raises(ValueError, match=r"cases\.tsv:3"):
        read_cases(path)


def test_the_command_prints_a_table_by_kind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "cases.tsv"
    path.write_text("plain\tpositive\tI love it, best day ever!\nplain\tnegative\tI love it, best day ever!\n")
    cases.main([str(SHIPPED), "--cases", str(path), "--wrong"])
    told = capsys.readouterr().out
    assert "| plain | 2 | 1 (50%) |" in told
    assert "negative, not positive\tI love it, best day ever!" in told
