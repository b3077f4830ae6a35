from collections.abc import Iterator
from pathlib import Path

import pytest

from sentistream_local.ports import free_port
from support.make_run import Run, start


@pytest.fixture
def data(server_folder: Path) -> Path:
    return server_folder / f"run-{free_port()}"


@pytest.fixture
def running(data: Path, tmp_path: Path) -> Iterator[Run]:
    run = start(data, free_port(), tmp_path / "run.log")
    yield run
    run.end()
