"""Tell how many cases of each kind models get right: negation, sarcasm, quotes and others that are known to be hard.

The cases are written for this purpose, in tests/model/cases.tsv: kind, label and text, joined by tabs; lines that begin
with # are comments.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from model.labels import LABELS
from sentistream_worker.engine import Engine

CASES = Path(__file__).parents[2] / "tests" / "model" / "cases.tsv"


@dataclass(frozen=True, slots=True)
class Case:
    kind: str
    label: str
    text: str


Right = dict[str, int]
"""Cases of each kind, in the file's order, whose label was found."""


def main(argv: list[str] | None = None) -> None:
    """Print as the command line says."""
    options = parser().parse_args(argv)
    cases = read_cases(options.cases)
    right: dict[str, Right] = {}
    for folder in options.models:
        right |= right_of(folder, cases, show_wrong=options.wrong)
    print(cases_table(count(cases), right))


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    parse = argparse.ArgumentParser(prog="python -m model.cases", description=__doc__)
    parse.add_argument("models", type=Path, nargs="+", metavar="FOLDER", help="model folders, as the worker loads them")
    parse.add_argument("--cases", type=Path, default=CASES, metavar="FILE", help="default: tests/model/cases.tsv")
    parse.add_argument("--wrong", action="store_true", help="list the cases that were not found, too")
    return parse


def read_cases(path: Path) -> list[Case]:
    """Read the cases; raises `ValueError` naming the line that is none."""
    cases = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith("#"):
            continue
        match line.split("\t"):
            case [kind, label, text] if label in LABELS:
                cases.append(Case(kind, label, text))
            case _:
                raise ValueError(f"{path}:{number}: expected a kind, one of {LABELS} and a text, joined by tabs")
    return cases


def right_of(folder: Path, cases: Sequence[Case], *, show_wrong: bool = False) -> dict[str, Right]:
    """What the model in `folder` gets right, under its name; prints the others if so asked."""
    engine = Engine.load(folder)
    found = [sentiment.label for sentiment in engine.classify([case.text for case in cases])]
    engine.close()
    right = dict.fromkeys(count(cases), 0)
    for case, label in zip(cases, found, strict=True):
        right[case.kind] += label == case.label
        if show_wrong and label != case.label:
            print(f"{engine.model}\t{case.kind}\t{case.label}, not {label}\t{case.text}")
    return {engine.model: right}


def count(cases: Sequence[Case]) -> dict[str, int]:
    """Cases of each kind."""
    return {kind: sum(case.kind == kind for case in cases) for kind in dict.fromkeys(case.kind for case in cases)}


def cases_table(cases: dict[str, int], right: dict[str, Right]) -> str:
    """A Markdown table: a row for each kind and for all, a column for each model."""
    rows = [f"| kind | cases | {' | '.join(right)} |", f"|---|---|{'---|' * len(right)}"]
    for kind, number in cases.items():
        shares = [f"{each[kind]} ({each[kind] / number:.0%})" for each in right.values()]
        rows.append(f"| {kind} | {number} | {' | '.join(shares)} |")
    total = sum(cases.values())
    shares = [f"{sum(each.values())} ({sum(each.values()) / total:.0%})" for each in right.values()]
    rows.append(f"| all | {total} | {' | '.join(shares)} |")
    return "\n".join(rows)


if __name__ == "__main__":
    main()
