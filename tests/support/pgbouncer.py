"""PgBouncer in front of a PostgreSQL, in transaction mode and otherwise as it comes."""

import os
import pwd
import shutil
import socket
from pathlib import Path
from typing import Final

from sentistream_local.ports import HOST, free_port
from sentistream_local.program import Program

PROGRAM: Final = shutil.which("pgbouncer", path=f"{os.environ['PATH']}{os.pathsep}/usr/sbin")  # where Debian has it


class PgBouncer:
    """Lets anyone in, as the superuser. Its pools have one server connection each, so that clients have to share it."""

    def __init__(self, port: int, folder: Path) -> None:
        """Start one for the PostgreSQL at that port."""
        folder.mkdir()
        self.port = free_port()
        self._log = folder / "pgbouncer.log"
        self._settings = folder / "pgbouncer.ini"
        self._settings.write_text(
            f"""
            [databases]
            * = host={HOST} port={port} user=postgres
            [pgbouncer]
            listen_addr = {HOST}
            listen_port = {self.port}
            unix_socket_dir =
            auth_type = any
            pool_mode = transaction
            default_pool_size = 1
            """
        )
        self._user = pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None  # it refuses to run as root
        self._start()

    def url(self, database_url: str) -> str:
        """The same database, through this."""
        before, _, after = database_url.partition(f"@{HOST}:")
        return f"{before}@{HOST}:{self.port}/{after.partition('/')[2]}"

    def restart(self) -> None:
        """Kill it, with all connections, and start it again at the same port."""
        self.program.kill()
        self._start()

    def stop(self) -> None:
        self.program.kill()

    def _start(self) -> None:
        assert PROGRAM
        self.program = Program("PgBouncer", [PROGRAM, str(self._settings)], self._log, user=self._user)
        self.program.wait_until(self._answers)

    def _answers(self) -> bool:
        try:
            socket.create_connection((HOST, self.port), timeout=1).close()
        except OSError:
            return False
        return True
