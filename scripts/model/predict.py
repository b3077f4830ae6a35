"""Run an exported model over texts, without the worker's engine."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray


def logits(
    path: Path, rows: Sequence[Sequence[int]], *, batch: int = 32, shuffle: int | None = None
) -> NDArray[np.float64]:
    """Outputs for token ids, shape (rows, outputs).

    Rows of similar length share a batch; with `shuffle`, a seed, whatever rows come together.
    """
    order = sorted(range(len(rows)), key=lambda row: len(rows[row]))
    if shuffle is not None:
        order = np.random.default_rng(shuffle).permutation(len(rows)).tolist()
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    names = {each.name for each in session.get_inputs()}
    parts: dict[int, NDArray[np.float32]] = {}
    for start in range(0, len(order), batch):
        chosen = order[start : start + batch]
        outputs = session.run(None, _feed([rows[row] for row in chosen], names))[0]
        parts.update(zip(chosen, outputs, strict=True))
    return np.array([parts[row] for row in range(len(rows))], dtype=np.float64)


def _feed(rows: Sequence[Sequence[int]], names: set[str]) -> dict[str, NDArray[np.int64]]:
    ids = np.zeros((len(rows), max(map(len, rows))), dtype=np.int64)
    mask = np.zeros_like(ids)
    for index, row in enumerate(rows):
        ids[index, : len(row)] = row
        mask[index, : len(row)] = 1
    feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
    return {name: feed[name] for name in names}
