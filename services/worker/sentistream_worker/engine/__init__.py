"""The classifier: raw texts in, three probabilities a text out, as fast as this CPU can."""

from sentistream_worker.engine.engine import Engine
from sentistream_worker.engine.manifest import ModelError

__all__ = ["Engine", "ModelError"]
