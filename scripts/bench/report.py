"""What every benchmark hands in: figures with their bars, on a machine that is named.

Progress goes to standard error, the table to standard output, the JSON document to a file.
"""

import argparse
import json
import math
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Self

from sentistream_worker.engine.cpu_limit import cpu_limit

Details = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Figure:
    name: str
    measured: float
    unit: str = ""
    bar: str | None = None
    """The limit, such as "<= 1.3"; None: reported without a limit."""
    holds: bool | None = None
    """Whether the value is within the limit; None without one."""

    @classmethod
    def at_least(cls, name: str, bar: float, measured: float, unit: str = "") -> Self:
        return cls(name, measured, unit, f">= {bar:,g}", measured >= bar)

    @classmethod
    def at_most(cls, name: str, bar: float, measured: float, unit: str = "") -> Self:
        return cls(name, measured, unit, f"<= {bar:,g}", measured <= bar)

    @classmethod
    def below(cls, name: str, bar: float, measured: float, unit: str = "") -> Self:
        return cls(name, measured, unit, f"< {bar:,g}", measured < bar)


@dataclass(frozen=True, slots=True)
class Report:
    benchmark: str
    setup: Details
    """What was measured: sizes, rounds, versions, seed."""
    figures: Sequence[Figure]
    tables: Mapping[str, Sequence[Details]] = field(default_factory=dict)
    """Tables with details, by title; the rows of a table have the same keys."""


def machine() -> dict[str, object]:
    """The machine, as far as it affects figures."""
    return {
        "processor": _processor(),
        "cores": cpu_limit(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
    }


def add_output_options(parser: argparse.ArgumentParser, *, quick: str) -> None:
    """The options of every benchmark; `quick` describes what is smaller in the quick mode."""
    parser.add_argument("--quick", action="store_true", help=f"{quick}: shows that it works, its figures say little")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the report to this file as well")


def quantile(values: Sequence[float], share: float) -> float:
    """A quantile of the values: `quantile(times, 0.99)` is the p99.

    Raises:
        IndexError: there are no values.
    """
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def say(text: str) -> None:
    """Print progress on standard error."""
    print(text, file=sys.stderr, flush=True)


def publish(report: Report, file: Path | None) -> None:
    """Print the report and, if a file is named, write it there as JSON."""
    document = {
        "benchmark": report.benchmark,
        "machine": machine(),
        "setup": dict(report.setup),
        "figures": [asdict(figure) for figure in report.figures],
        "tables": {title: [dict(row) for row in rows] for title, rows in report.tables.items()},
    }
    if file is not None:
        file.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    parts = [
        f"{report.benchmark} on {', '.join(f'{key} {value}' for key, value in machine().items())}",
        ", ".join(f"{key} {cell(value)}" for key, value in report.setup.items()),
        *(f"\n{title}\n{table(rows)}" for title, rows in report.tables.items() if rows),
        f"\n{table([figure_row(figure) for figure in report.figures])}",
    ]
    print("\n".join(parts))


def table(rows: Sequence[Details]) -> str:
    """A table with columns as wide as their widest cell; numbers are right-aligned."""
    names = list(rows[0])
    cells = [names, *([cell(row[name]) for name in names] for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(names))]
    to_right = [all(isinstance(row[name], int | float | None) for row in rows) for name in names]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(line, widths, to_right, strict=True)
        ).rstrip()
        for line in cells
    )


def figure_row(figure: Figure) -> Details:
    """The figure as a row of a table."""
    verdict = "" if figure.holds is None else "holds" if figure.holds else "MISSED"
    return {
        "figure": figure.name,
        "measured": figure.measured,
        "unit": figure.unit,
        "bar": figure.bar or "",
        "verdict": verdict,
    }


def cell(value: object) -> str:
    """A value as a table shows it: four digits, or a whole number."""
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 100 else f"{value:,.0f}"  # noqa: PLR2004 (four digits are enough)
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())
