"""Learning rates by layer, their schedule, and the average of the weights over time."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from transformers import PreTrainedModel

_LAYER = re.compile(r"\.layers?\.(\d+)\.")


def layer_groups(
    model: PreTrainedModel, learning_rate: float, decay: float, weight_decay: float
) -> list[dict[str, object]]:
    """Parameter groups for an optimizer: the rate falls by `decay` per layer below the head.

    Discriminative fine-tuning (Howard and Ruder, 2018). Biases and LayerNorms are not decayed.
    """
    layers = int(model.config.num_hidden_layers)
    groups = []
    for name, parameter in model.named_parameters():
        depth = _depth(name, layers)
        groups.append(
            {
                "params": [parameter],
                "lr": learning_rate * decay ** (layers - 1 - depth),
                "weight_decay": weight_decay if parameter.ndim > 1 else 0.0,
            }
        )
    return groups


def freeze(model: PreTrainedModel, share: float) -> None:
    """Keep the embeddings and the first `share` (below 1) of the layers as they are; a step then costs less.

    The last layer and the head always learn.
    """
    layers = int(model.config.num_hidden_layers)
    kept = min(round(layers * share), layers - 1)
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(_depth(name, layers) >= kept)


def _depth(name: str, layers: int) -> int:
    """The layer that a parameter belongs to: -1 for what comes before all of them, the last for the head."""
    match = _LAYER.search(name)
    if match:
        return int(match[1])
    return -1 if "embeddings" in name or "relative_attention_bias" in name else layers - 1


def schedule(optimizer: torch.optim.Optimizer, steps: int, warmup: float) -> torch.optim.lr_scheduler.LambdaLR:
    """Linear warm-up over a share `warmup` of the steps, then linear to zero."""
    rise = max(1, int(steps * warmup))

    def factor(step: int) -> float:
        return min((step + 1) / rise, max(0.0, (steps - step) / max(1, steps - rise)))

    return torch.optim.lr_scheduler.LambdaLR(optimizer, factor)


class Average:
    """Exponential moving average of a model's parameters, shorter over the first steps."""

    def __init__(self, model: PreTrainedModel, decay: float) -> None:
        self._decay = decay
        self._steps = 0
        self._values = [parameter.detach().clone() for parameter in model.parameters()]

    def update(self, model: PreTrainedModel) -> None:
        """Take in the parameters as they are after one more step."""
        self._steps += 1
        decay = min(self._decay, (1 + self._steps) / (10 + self._steps))
        torch._foreach_lerp_(self._values, [parameter.detach() for parameter in model.parameters()], 1 - decay)

    @contextmanager
    def applied(self, model: PreTrainedModel) -> Iterator[None]:
        """Give `model` the averaged parameters for the time of the block."""
        self._swap(model)
        try:
            yield
        finally:
            self._swap(model)

    def _swap(self, model: PreTrainedModel) -> None:
        for parameter, value in zip(model.parameters(), self._values, strict=True):
            parameter.data, value.data = value.data, parameter.data

    def state_dict(self) -> dict[str, object]:
        """What `load_state_dict` takes."""
        return {"steps": self._steps, "values": self._values}

    def load_state_dict(self, state: dict[str, object]) -> None:
        """Go on from a checkpoint."""
        self._steps, self._values = state["steps"], state["values"]  # type: ignore[assignment]
