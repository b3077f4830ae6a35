"""Write the measured figures into docs/performance.md, between its two markers, from what `make bench` wrote."""

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bench.report import Details, Figure, cell, figure_row
from bench.sizing import sizing

PAGE = Path(__file__).parents[2] / "docs" / "performance.md"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.page", description=__doc__)
    parser.add_argument("reports", type=Path, nargs="+", help="JSON of `make bench` and `make soak`")
    documents = [json.loads(file.read_text(encoding="utf-8")) for file in parser.parse_args().reports]
    if any(document.get("quick") for document in documents):
        parser.error("these figures are of a quick run, which say little; run `make bench` without QUICK")
    PAGE.write_text(with_figures(PAGE.read_text(encoding="utf-8"), documents), encoding="utf-8")


def with_figures(page: str, documents: Sequence[dict[str, Any]]) -> str:
    """The page with the reports between its markers.

    Raises:
        ValueError: the page has no markers.
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"the page needs the lines {BEGIN} and {END}")
    reports = [report for document in documents for report in document.get("benchmarks", [document])]
    return "\n".join([before + begin, "", *_section(documents[0]["machine"], reports), end]) + after


def _section(machine: dict[str, object], reports: Sequence[dict[str, Any]]) -> Iterator[str]:
    yield f"{', '.join(f'{key} {value}' for key, value in machine.items())}.\n"
    yield _table([figure_row(Figure(**figure)) for report in reports for figure in report["figures"]])
    if needs := sizing(reports):
        yield "\n**sizing: what a rate of posts needs**\n"
        yield _table(needs)
    for report in reports:
        for title, rows in report["tables"].items():
            if rows:
                yield f"\n**{report['benchmark']}: {title}**\n"
                yield _table(rows)


def _table(rows: Sequence[Details]) -> str:
    lines = [list(rows[0]), ["---"] * len(rows[0]), *([cell(value) for value in row.values()] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


if __name__ == "__main__":
    main()
