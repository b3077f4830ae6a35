"""Run an exported model over texts, without the worker's engine."""

from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from model.tokens import Tokens


def logits(path: Path, tokens: Tokens, *, batch: int = 32, shuffle: int | None = None) -> NDArray[np.float64]:
    """Outputs for each text, shape (texts, outputs).

    Texts of similar length share a batch; with `shuffle`, a seed, whatever texts come together.
    """
    order = np.argsort(tokens.lengths, kind="stable")
    if shuffle is not None:
        order = np.random.default_rng(shuffle).permutation(len(tokens))
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    names = {each.name for each in session.get_inputs()}
    parts = []
    for start in range(0, len(order), batch):
        ids, mask = tokens.batch(order[start : start + batch], pad=0)
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        parts.append(session.run(None, {name: feed[name] for name in names})[0])
    found = np.empty((len(order), parts[0].shape[1]))
    found[order] = np.concatenate(parts)
    return found
