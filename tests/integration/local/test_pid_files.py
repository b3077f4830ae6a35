"""Pid files end the processes that they were written for, and no other."""

import json
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sentistream_local.guardian import end_left_behind
from sentistream_local.pid_files import PidFiles
from sentistream_local.program import Program

READY = "print('ready', flush=True)"


@pytest.fixture
def files(tmp_path: Path) -> PidFiles:
    return PidFiles(tmp_path / "pids")


@pytest.fixture
def program(files: PidFiles, tmp_path: Path) -> Iterator[Program]:
    """A program that ends by SIGINT alone; SIGTERM does nothing to it."""
    # SIGINT is ignored in what a shell starts in the background, and the program would inherit that.
    code = (
        "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); signal.signal(signal.SIGINT, signal.SIG_DFL); "
        f"{READY}; signal.pause()"
    )
    program = Program(
        "patient", [sys.executable, "-c", code], tmp_path / "log", stop_signal=signal.SIGINT, pid_files=files
    )
    program.wait_until(lambda: "ready" in program.log.read_text())
    yield program
    program.kill()


def change(files: PidFiles, **entries: object) -> None:
    path = files.folder / "patient.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | entries))


def told_when_ending(files: PidFiles) -> list[str]:
    told: list[str] = []
    end_left_behind(files.folder, told.append)
    return told


def test_a_program_ends_by_its_own_signal(files: PidFiles, program: Program) -> None:
    assert [file.name for file in files.running()] == ["patient"]
    assert told_when_ending(files) == ["Ending what was left behind by an earlier start: patient"]
    assert program.process.wait(10) == -signal.SIGINT
    assert files.running() == []


def test_a_program_that_does_not_listen_ends_by_force(files: PidFiles, program: Program) -> None:
    change(files, stop_signal=signal.SIGTERM)
    [file] = files.running()
    file.end(seconds=0.2)
    assert program.process.wait(10) == -signal.SIGKILL


@pytest.mark.parametrize("entries", [{"started": 1.0}, {"arguments": ["-c", "another program"]}])
def test_another_process_with_the_same_number_is_left_alone(
    files: PidFiles, program: Program, entries: dict[str, object]
) -> None:
    change(files, **entries)
    assert files.running() == []
    assert told_when_ending(files) == []
    assert program.is_running


def test_a_file_that_was_cut_off_names_nothing(files: PidFiles, program: Program) -> None:
    (files.folder / "patient.json").write_text('{"name": "pati')
    assert told_when_ending(files) == []
    assert program.is_running


def test_a_program_that_was_stopped_has_no_file(files: PidFiles, program: Program) -> None:
    program.stop()
    assert list(files.folder.iterdir()) == []
