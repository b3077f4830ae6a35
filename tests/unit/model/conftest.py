"""The package must be there before torch: it tells torch's threads not to spin."""

from pathlib import Path

import pytest

import model  # noqa: F401


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder as the commands take it, of sentences made here."""
    from support.tiny_models import write_corpus  # noqa: PLC0415 (only where torch is)

    return write_corpus(tmp_path / "data")
