"""The engine with the model that the repository ships."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sentistream_worker.engine import Engine

MODEL = Path(__file__).parents[3] / "services" / "worker" / "model"


@pytest.fixture(scope="session")
def model_folder() -> Path:
    return MODEL


@pytest.fixture(scope="session")
def engine(model_folder: Path) -> Iterator[Engine]:
    engine = Engine.load(model_folder, threads=2)
    yield engine
    engine.close()
