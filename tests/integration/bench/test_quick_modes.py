"""Benchmarks work: each hands in its report, and leaves nothing behind. What they measure is no test's business."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

from bench.__main__ import run_benchmark
from sentistream_local.program import Program


def run(tmp_path: Path, *arguments: str) -> tuple[subprocess.CompletedProcess[str], dict[str, Any]]:
    file = tmp_path / "report.json"
    ended = subprocess.run(
        [sys.executable, "-m", *arguments, "--quick", "--json", str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert file.exists(), ended.stderr
    return ended, json.loads(file.read_text())


@pytest.mark.parametrize(
    ("name", "figures"),
    [
        ("pipeline", {"pipeline against the engine alone", "worker memory under load, peak RSS"}),
        ("scale", {"broker and database path, at most"}),
        ("latency", {"post written -> WebSocket at half load, p99"}),
        ("burst", {"burst: posts lost or doubled", "burst: sentistream verify, exit status"}),
        ("api", {"/api/stats, many posts against few", "sequential scans of posts"}),
        ("storage", {"storing, full against empty", "retention of a day"}),
        ("fanout", {"oldest post of an update, written -> received, p99", "stalled clients evicted"}),
        ("engine_memory", {"engine: memory growth under posts of all lengths that is certain"}),
        ("soak", {"soak: posts lost or doubled", "soak: database bytes per post"}),
    ],
)
def test_a_benchmark_hands_in_its_figures(tmp_path: Path, name: str, figures: set[str]) -> None:
    ended, report = run(tmp_path, f"bench.{name}")
    assert ended.returncode == 0, ended.stderr
    measured = {figure["name"]: figure for figure in report["figures"]}
    assert figures <= measured.keys()
    assert all(rows for rows in report["tables"].values())
    if "lost" in ended.stdout:
        assert measured[f"{name}: posts lost or doubled"]["holds"]


def test_all_are_put_into_one_table_and_one_file(tmp_path: Path) -> None:
    ended, document = run(tmp_path, "bench", "quality")
    assert "recall lost by 8 bits" in ended.stdout
    assert [report["benchmark"] for report in document["benchmarks"]] == ["quality"]
    assert document["failed"] == []
    missed = [figure for figure in document["benchmarks"][0]["figures"] if figure["holds"] is False]
    assert ended.returncode == (1 if missed else 0), ended.stderr


def test_a_benchmark_that_fails_stops_no_other() -> None:
    assert run_benchmark("there_is_no_such_benchmark", quick=True) is None


def test_an_interrupted_benchmark_ends_what_it_started(tmp_path: Path) -> None:
    program = Program(
        "bench",
        [sys.executable, "-m", "bench", "latency", "--json", str(tmp_path / "report.json")],
        tmp_path / "log",
        environment={"TMPDIR": str(tmp_path)},
        stop_signal=signal.SIGINT,
    )
    tmp_path.chmod(0o755)
    program.wait_until(lambda: "starting the worker" in program.log.read_text())
    children = psutil.Process(program.pid).children(recursive=True)
    assert len(children) >= 4, "the benchmark, PostgreSQL, Valkey, API"
    assert program.stop(seconds=60) == 130, program.tail()
    assert not [child for child in children if child.is_running()], "nothing is left behind"
    assert not list(tmp_path.glob("sentistream-bench-*")), "nor on the disk"
