"""What values the inputs of the matrix products take on training texts."""

import sys
from collections.abc import Iterable, Sequence

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from model.tokens import Tokens

Feed = dict[str, NDArray[np.int64]]
Range = tuple[float, float]

_BATCH = 32
_KEPT_PER_BATCH = 20_000


def calibration_batches(
    tokenizer: Tokenizer, texts: Sequence[str], *, posts: int, max_tokens: int, seed: int
) -> list[Feed]:
    """Batches of equally long posts drawn from `texts`, so that no padding is measured."""
    chosen = [texts[row] for row in np.random.default_rng(seed).permutation(len(texts))[:posts]]
    tokens = Tokens.of(tokenizer, chosen, max_tokens)
    feeds: list[Feed] = []
    for length in np.unique(tokens.lengths):
        rows = np.flatnonzero(tokens.lengths == length)
        for start in range(0, len(rows), _BATCH):
            ids, mask = tokens.batch(rows[start : start + _BATCH], pad=0)
            feeds.append({"input_ids": ids, "attention_mask": mask})
    return feeds


def activation_ranges(
    model: onnx.ModelProto,
    tensors: Sequence[str],
    batches: Iterable[Feed],
    coverage: float,
    *,
    progress: bool = False,
) -> dict[str, Range]:
    """For each named float tensor, the interval that holds a share `coverage` of its values.

    As much is left out at either end. Quantiles are of a sample of at most 20,000 values of each
    batch, which for the default 1,024 posts is several million a tensor.
    """
    probed = onnx.ModelProto()
    probed.CopyFrom(model)
    del probed.graph.output[:]
    for name in tensors:
        probed.graph.output.append(onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None))
    session = onnxruntime.InferenceSession(probed.SerializeToString(), providers=["CPUExecutionProvider"])
    names = {each.name for each in session.get_inputs()}
    samples: dict[str, list[NDArray[np.float32]]] = {name: [] for name in tensors}
    for number, feed in enumerate(batches, start=1):
        outputs = session.run(list(tensors), {key: feed[key] for key in names})
        for name, values in zip(tensors, outputs, strict=True):
            flat = values.ravel()
            samples[name].append(flat[:: max(1, flat.size // _KEPT_PER_BATCH)])
        if progress and number % 10 == 0:
            print(f"calibration: batch {number}", file=sys.stderr, flush=True)
    tail = (1 - coverage) / 2
    ranges = {}
    for name, parts in samples.items():
        low, high = np.quantile(np.concatenate(parts), [tail, 1 - tail])
        ranges[name] = (float(low), float(high))
    return ranges
