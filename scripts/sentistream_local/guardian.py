"""A process that ends what its supervisor started, should the supervisor end without having done so.

SIGKILL, which a machine out of memory sends too, leaves a supervisor no time for anything. The guardian reads a pipe
whose other end only the supervisor has: whatever ends the supervisor closes it. The guardian then ends the programs
that the pid files name, the last started first and each with its own signal, so that the servers write down what they
have. It has a session of its own, so that no signal of a terminal reaches it.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from signal import SIGTERM

from sentistream_local.pid_files import PidFile, PidFiles

_NAME = "guardian"
_PATIENCE_SECONDS = 120.0


@contextmanager
def guarded(folder: Path, log: Path) -> Iterator[PidFiles]:
    """Pid files for programs that are to end when this process ends, whatever ends it."""
    files = PidFiles(folder)
    command = [sys.executable, "-m", "sentistream_local.guardian", str(folder)]
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        guardian = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
    files.write(_NAME, guardian.pid, command, SIGTERM)
    try:
        yield files
    finally:
        guardian.communicate()  # closes the pipe and waits
        files.remove(_NAME)


def end_left_behind(folder: Path, say: Callable[[str], None]) -> None:
    """End what the pid files of an earlier supervisor name, and say so. That supervisor must have ended."""
    files = PidFiles(folder)
    if running := _programs(files):
        say(f"Ending what was left behind by an earlier start: {', '.join(program.name for program in running)}")
    # A second signal would cut short what the guardian began, so it is left to its work.
    for guardian in files.running():
        if guardian.name == _NAME and not guardian.has_ended(seconds=_PATIENCE_SECONDS):
            guardian.end()
    for program in _programs(files):
        program.end()


def _programs(files: PidFiles) -> list[PidFile]:
    return [file for file in files.running() if file.name != _NAME]


def main() -> None:
    sys.stdin.buffer.read()
    for program in _programs(PidFiles(Path(sys.argv[1]))):
        print(f"Ending {program.name}, process {program.pid}, whose supervisor has ended", flush=True)
        program.end()


if __name__ == "__main__":
    main()
