"""`make run` as a process of its own, and what it started."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from sentistream_local.program import Program


@dataclass(frozen=True, slots=True)
class Run:
    """A pipeline that is up, with posts coming in."""

    program: Program
    port: int
    data: Path
    started: list[psutil.Process]
    """Every process that it started."""

    def left(self) -> list[str]:
        """What it started and what still runs."""
        return [" ".join(each.cmdline()) for each in self.started if _runs(each)]

    def output(self) -> str:
        return self.program.log.read_text()

    def end(self) -> None:
        """End it, and by force whatever it left behind."""
        self.program.stop(seconds=60)
        for process in self.started:
            if _runs(process):
                process.kill()


def _runs(process: psutil.Process) -> bool:
    # Nobody collects an orphan's exit status where the first process of the machine does not.
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def command(data: Path, port: int, *options: str) -> list[str]:
    return [sys.executable, "-m", "sentistream_local", "--data", str(data), "--port", str(port), *options]


def start(
    data: Path,
    port: int,
    log: Path,
    *,
    options: Sequence[str] = (),
    launcher: Sequence[str] = (),
    terminal: int | None = None,
) -> Run:
    """Start it, through another program if one is given, and return when it says that it is up.

    `terminal` is the user's end of the terminal that it writes to, if that is not the log.
    """
    seen = b""

    def says_so() -> bool:
        nonlocal seen
        seen = log.read_bytes() if terminal is None else seen + _what_is_there(terminal)
        return b"SentiStream runs" in seen

    program = Program(
        "make run",
        [*launcher, *command(data, port, "--rate", "50", *options)],
        log,
        stop_signal=signal.SIGINT,
    )
    program.wait_until(says_so, seconds=120)
    return Run(program, port, data, psutil.Process(program.pid).children(recursive=True))


def _what_is_there(terminal: int) -> bytes:
    readable, _, _ = select.select([terminal], [], [], 0)
    return os.read(terminal, 4096) if readable else b""


def try_to_run(data: Path, port: int, *options: str) -> subprocess.CompletedProcess[str]:
    """Start it where it must refuse."""
    return _run(command(data, port, *options))


def reset(data: Path) -> subprocess.CompletedProcess[str]:
    return _run([sys.executable, "-m", "sentistream_local.reset", "--data", str(data)])


def _run(arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        arguments,
        capture_output=True,
        text=True,
        check=False,
    )
