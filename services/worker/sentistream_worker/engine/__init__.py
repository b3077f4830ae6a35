"""The inference engine: it takes raw texts and returns three probabilities for each."""

from sentistream_worker.engine.engine import Engine
from sentistream_worker.engine.manifest import ModelError

__all__ = ["Engine", "ModelError"]
