"""What a folder's programs run as, written down, so that another process can end them."""

import json
import os
import signal
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

_SAME_START_SECONDS = 2.0
"""The start of a process is computed from the time of day, which may have been set meanwhile."""


@dataclass(frozen=True, slots=True)
class PidFile:
    """One program, with what tells its process from another that got the same number later."""

    name: str
    pid: int
    started: float
    """Seconds since 1970."""
    arguments: list[str]
    """Those after the program's own name, which an interpreter may write in its own way."""
    stop_signal: int

    def process(self) -> psutil.Process | None:
        """The program's process if it still runs."""
        try:
            process = psutil.Process(self.pid)
            is_same = (
                abs(process.create_time() - self.started) < _SAME_START_SECONDS
                and process.cmdline()[1:] == self.arguments
                and process.status() != psutil.STATUS_ZOMBIE
            )
        except (psutil.NoSuchProcess, psutil.AccessDenied):  # who may not look at it did not start it
            return None
        return process if is_same else None

    def end(self, *, seconds: float = 30.0) -> None:
        """End the process, by force when it takes longer."""
        if process := self.process():
            process.send_signal(self.stop_signal)
            if not self.has_ended(seconds=seconds) and (process := self.process()):
                process.kill()
                self.has_ended(seconds=seconds)

    def has_ended(self, *, seconds: float) -> bool:
        """Wait for the end of the process, which need not be a child of this one."""
        deadline = time.monotonic() + seconds
        while self.process():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        return True


class PidFiles:
    """The folder of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def write(
        self, name: str, pid: int, command: Sequence[str | os.PathLike[str]], stop_signal: signal.Signals
    ) -> None:
        """Write a program's file, unless it has ended already."""
        try:
            started = psutil.Process(pid).create_time()
        except psutil.NoSuchProcess:
            return
        file = PidFile(name, pid, started, [os.fspath(part) for part in command[1:]], stop_signal)
        unfinished = self.folder / f"{name}.new"
        unfinished.write_text(json.dumps(asdict(file)))
        unfinished.replace(self._path(name))

    def remove(self, name: str) -> None:
        self._path(name).unlink(missing_ok=True)

    def running(self) -> list[PidFile]:
        """Those whose process still runs, the latest started first."""
        found = [file for path in self.folder.glob("*.json") if (file := _read(path)) and file.process()]
        return sorted(found, key=lambda file: file.started, reverse=True)

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.json"


def _read(path: Path) -> PidFile | None:
    try:
        return PidFile(**json.loads(path.read_text()))
    except (ValueError, TypeError):  # cut off when the machine was, or by an earlier version
        return None
