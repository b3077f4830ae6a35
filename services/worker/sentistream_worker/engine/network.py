"""One run of the network over one padded batch."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from sentistream_worker.engine.manifest import ModelError

# Builds of ONNX Runtime for Windows send telemetry by default.
onnxruntime.disable_telemetry_events()

_INPUTS = {"input_ids", "attention_mask", "token_type_ids"}


class Network:
    """The network, shared by all threads; a run uses only the calling thread."""

    def __init__(self, path: Path, pad_token_id: int, outputs: int) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        # It would cache a memory layout for each input shape, and there are very many shapes here.
        options.enable_mem_pattern = False
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # noqa: BLE001 - the library's exceptions have no common class
            raise ModelError(
                f"{path} cannot be loaded by onnxruntime {onnxruntime.__version__}: {error}; "
                "build the folder again with this version"
            ) from None
        self._inputs = {each.name for each in self._session.get_inputs()}
        if not {"input_ids"} <= self._inputs <= _INPUTS:
            raise ModelError(f"{path} has the inputs {sorted(self._inputs)}, not {sorted(_INPUTS)}")
        self._pad_token_id = pad_token_id
        found = self._session.get_outputs()[0].shape[-1]
        if isinstance(found, int) and found != outputs:
            raise ModelError(f"{path} has {found} outputs, the manifest has labels for {outputs}")

    def logits(self, rows: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """Run rows of token ids, padded to the longest one. Returns float32 logits of shape (rows, outputs)."""
        longest = max(map(len, rows))
        ids = np.full((len(rows), longest), self._pad_token_id, dtype=np.int64)
        mask = np.zeros_like(ids)
        for index, row in enumerate(rows):
            ids[index, : len(row)] = row
            mask[index, : len(row)] = 1
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        feed = {name: feed[name] for name in self._inputs}
        logits: NDArray[np.float32] = self._session.run(None, feed)[0]
        return logits
