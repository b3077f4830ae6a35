"""The page of figures, written from the reports."""

from typing import Any

import pytest

from bench.page import with_figures

PAGE = "# Performance\n\n<!-- figures: begin -->\nstale\n<!-- figures: end -->\n\nMethod.\n"
FIGURE = {"name": "ratio", "measured": 0.87, "unit": "x", "bar": ">= 0.8", "holds": True}


def report(**changes: object) -> dict[str, Any]:
    return {
        "benchmark": "pipeline",
        "machine": {"processor": "a processor", "cores": 2},
        "figures": [FIGURE],
        "tables": {"by process": [{"process": "api", "us_per_post": 15.2}], "nothing": []},
        **changes,
    }


def test_what_stood_between_the_markers_is_replaced_and_the_rest_is_left() -> None:
    page = with_figures(PAGE, [{"machine": {"cores": 2}, "benchmarks": [report()]}])
    assert page.startswith("# Performance\n\n<!-- figures: begin -->\n")
    assert page.endswith("<!-- figures: end -->\n\nMethod.\n")
    assert "stale" not in page
    assert "| ratio | 0.87 | x | >= 0.8 | holds |" in page
    assert "| api | 15.2 |" in page


def test_writing_twice_changes_nothing() -> None:
    once = with_figures(PAGE, [report()])
    assert with_figures(once, [report()]) == once


def test_a_report_of_its_own_stands_beside_the_reports_of_a_run() -> None:
    soak = report(benchmark="soak", figures=[{**FIGURE, "name": "growth"}])
    page = with_figures(PAGE, [{"machine": {"cores": 2}, "benchmarks": [report()]}, soak])
    assert "| ratio |" in page
    assert "| growth |" in page


def test_a_page_without_markers_is_refused() -> None:
    with pytest.raises(ValueError, match="figures: begin"):
        with_figures("# Performance\n", [report()])
