"""A child process with its output in a log file."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from sentistream_local.pid_files import PidFiles


class StartError(Exception):
    """A program did not come up; the message tells the reader what to do."""


class Program:
    """Runs until `stop`. It has a session of its own, so that Ctrl-C reaches only whoever started it.

    With pid files (`guardian.guarded`) it ends when this process ends, whatever ends it.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str | os.PathLike[str]],
        log: Path,
        *,
        environment: Mapping[str, str] | None = None,
        user: int | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
        pid_files: PidFiles | None = None,
    ) -> None:
        self.name = name
        self.log = log
        self._stop_signal = stop_signal
        self._pid_files = pid_files
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                command,
                env={**os.environ, **(environment or {})},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                user=user,
                group=user,
                extra_groups=[] if user is not None else None,
            )
        if pid_files:
            pid_files.write(name, self.process.pid, command, stop_signal)

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def is_running(self) -> bool:
        return self.process.poll() is None

    def wait_until(self, is_up: Callable[[], bool], *, seconds: float = 60.0) -> None:
        """Return as soon as the condition holds; otherwise, also when the wait is interrupted, the program is stopped.

        Raises:
            StartError: the program ended or the time is over.
        """
        try:
            self._wait_until(is_up, seconds)
        except BaseException:
            self.stop()
            raise

    def _wait_until(self, is_up: Callable[[], bool], seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not is_up():
            if not self.is_running:
                raise StartError(
                    f"{self.name} ended with status {self.process.returncode}. The end of {self.log}:\n{self.tail()}"
                )
            if time.monotonic() > deadline:
                raise StartError(f"{self.name} was not up after {seconds:.0f} s. The end of {self.log}:\n{self.tail()}")
            time.sleep(0.02)

    def tail(self, lines: int = 15) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def stop(self, *, seconds: float = 30.0) -> int:
        """End the program, by force when it takes longer; its exit status."""
        if self.is_running:
            self.process.send_signal(self._stop_signal)
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
        return self._wait()

    def kill(self) -> None:
        self.process.kill()
        self._wait()

    def _wait(self) -> int:
        status = self.process.wait()
        if self._pid_files:
            self._pid_files.remove(self.name)
        return status
