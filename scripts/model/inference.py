"""What a network makes of many texts, without training it."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import PreTrainedModel

from model.batches import WIDTH_STEP, reading_batches
from model.device import Device
from model.labels import LABELS
from model.tokens import Tokens


def padded(tokens: Tokens, rows: NDArray[np.int64], model: PreTrainedModel, device: Device) -> dict[str, torch.Tensor]:
    """The model's inputs for a batch, on the device."""
    ids, mask = tokens.batch(rows, pad=model.config.pad_token_id or 0, multiple=WIDTH_STEP)
    return {"input_ids": device.tensor(ids), "attention_mask": device.tensor(mask)}


def outputs(
    model: PreTrainedModel, tokens: Tokens, device: Device, **arguments: object
) -> Iterator[tuple[NDArray[np.int64], dict[str, torch.Tensor], Any]]:
    """Run the model, which is in evaluation mode, over all texts; yields rows, inputs and outputs of each batch."""
    for rows in reading_batches(tokens.lengths):
        inputs = padded(tokens, rows, model, device)
        with torch.inference_mode(), device.precision():
            result = model(**inputs, **arguments)
        yield rows, inputs, result


def probabilities(model: PreTrainedModel, tokens: Tokens, device: Device) -> NDArray[np.float32]:
    """A classifier's probabilities of our labels; shape (texts, 3). The model is in evaluation mode."""
    found = np.zeros((len(tokens), len(LABELS)), dtype=np.float32)
    for rows, _, result in outputs(model, tokens, device):
        found[rows] = result.logits.float().softmax(1).cpu().numpy()
    return found
