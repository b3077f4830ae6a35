"""Run every benchmark, print one table of all figures with their bars, and write all reports to one JSON file.

A benchmark that fails does not stop the others. Exit status 1 if a bar does not hold or a benchmark failed, 130 after
Ctrl-C.
"""

import argparse
import json
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.report import Figure, figure_row, machine, say, table
from sentistream_local.signals import asking_to_end

BENCHMARKS = ("quality", "inference", "pipeline", "scale", "latency", "burst", "api", "fanout", "storage")
"""The order: first those that need no servers, last those that need a large database."""


def main() -> None:
    options = _options()
    for each in asking_to_end():
        signal.signal(each, signal.default_int_handler)
    reports: list[dict[str, Any]] = []
    failed: list[str] = []
    began = time.monotonic()
    try:
        for number, name in enumerate(options.benchmarks, start=1):
            say(f"\n== {name} ({number} of {len(options.benchmarks)}, {time.monotonic() - began:.0f} s so far)")
            report = run_benchmark(name, quick=options.quick)
            if report is None:
                failed.append(name)
            else:
                reports.append(report)
    except KeyboardInterrupt:
        say("stopped")
        sys.exit(130)
    options.json.parent.mkdir(parents=True, exist_ok=True)
    document = {"machine": machine(), "quick": options.quick, "failed": failed, "benchmarks": reports}
    options.json.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    figures = [Figure(**figure) for report in reports for figure in report["figures"]]
    print(f"\n{', '.join(f'{key} {value}' for key, value in machine().items())}")
    if options.quick:
        print("quick: shows that the benchmarks work; the figures say little")
    if figures:
        print(f"\n{table([figure_row(figure) for figure in figures])}")
    for name in failed:
        print(f"\n{name} FAILED; what it said is above")
    print(f"\nAll reports: {options.json}")
    sys.exit(1 if failed or any(figure.holds is False for figure in figures) else 0)


def run_benchmark(name: str, *, quick: bool) -> dict[str, Any] | None:
    """The report of a benchmark; None if it failed."""
    with tempfile.NamedTemporaryFile(prefix=f"sentistream-{name}-", suffix=".json") as file:
        # A session of its own: Ctrl-C reaches only this process, which ends the benchmark in order.
        process = subprocess.Popen(
            [sys.executable, "-m", f"bench.{name}", "--json", file.name, *(["--quick"] if quick else [])],
            stdout=sys.stderr,
            start_new_session=True,
        )
        try:
            status = process.wait()
        except KeyboardInterrupt:
            process.terminate()
            process.wait()
            raise
        report = Path(file.name).read_text(encoding="utf-8")
    if status != 0 or not report:
        say(f"{name} ended with status {status} and {'with' if report else 'without'} a report")
        return None
    document: dict[str, Any] = json.loads(report)
    return document


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "benchmarks", nargs="*", metavar="NAME", help=f"only these, of {', '.join(BENCHMARKS)} (default: all)"
    )
    parser.add_argument("--quick", action="store_true", help="each in its quick mode: shows that they work")
    parser.add_argument(
        "--json",
        type=Path,
        default=Path(".bench/report.json"),
        metavar="FILE",
        help="all reports (default: %(default)s)",
    )
    options = parser.parse_args()
    unknown = [name for name in options.benchmarks if name not in BENCHMARKS]
    if unknown:
        parser.error(f"there is no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
    options.benchmarks = options.benchmarks or BENCHMARKS
    return options


if __name__ == "__main__":
    main()
