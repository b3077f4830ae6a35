"""Learning rates by layer, their schedule, and the average of the weights over time."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch.nn import Module

_LAYER = re.compile(r"\.layers?\.(\d+)\.")


def layer_groups(model: Module, learning_rate: float, decay: float, weight_decay: float) -> list[dict[str, object]]:
    """Parameter groups for an optimizer: the rate falls by `decay` per layer below the head.

    Discriminative fine-tuning (Howard and Ruder, 2018). Biases and LayerNorms are not decayed.
    """
    depths = {name: _depth(name) for name, _ in model.named_parameters()}
    last = max((depth for depth in depths.values() if depth is not None), default=0)
    groups = []
    for name, parameter in model.named_parameters():
        depth = depths[name]
        groups.append(
            {
                "params": [parameter],
                "lr": learning_rate * decay ** (last - (last if depth is None else depth)),
                "weight_decay": weight_decay if parameter.ndim > 1 else 0.0,
            }
        )
    return groups


def _depth(name: str) -> int | None:
    """The layer that a parameter belongs to: -1 for what comes before all of them, None for what comes after."""
    match = _LAYER.search(name)
    if match:
        return int(match[1])
    return -1 if "embeddings" in name or "relative_attention_bias" in name else None


def schedule(optimizer: torch.optim.Optimizer, steps: int, warmup: float) -> torch.optim.lr_scheduler.LambdaLR:
    """Linear warm-up over a share `warmup` of the steps, then linear to zero."""
    rise = max(1, int(steps * warmup))

    def factor(step: int) -> float:
        return min((step + 1) / rise, max(0.0, (steps - step) / max(1, steps - rise)))

    return torch.optim.lr_scheduler.LambdaLR(optimizer, factor)


class Average:
    """Exponential moving average of a model's parameters, shorter over the first steps; with decay 0, the last ones."""

    def __init__(self, model: Module, decay: float) -> None:
        self._decay = decay
        self._steps = 0
        self._values = [parameter.detach().clone() for parameter in model.parameters()]

    def update(self, model: Module) -> None:
        """Take in the parameters as they are after one more step."""
        self._steps += 1
        decay = min(self._decay, (1 + self._steps) / (10 + self._steps))
        torch._foreach_lerp_(self._values, [parameter.detach() for parameter in model.parameters()], 1 - decay)

    def apply(self, model: Module) -> None:
        """Give `model` the averaged parameters, for good."""
        for parameter, value in zip(model.parameters(), self._values, strict=True):
            parameter.data.copy_(value)

    @contextmanager
    def applied(self, model: Module) -> Iterator[None]:
        """Give `model` the averaged parameters for the time of the block."""
        self._swap(model)
        try:
            yield
        finally:
            self._swap(model)

    def _swap(self, model: Module) -> None:
        for parameter, value in zip(model.parameters(), self._values, strict=True):
            parameter.data, value.data = value.data, parameter.data

    def state_dict(self) -> dict[str, object]:
        """What `load_state_dict` takes."""
        return {"steps": self._steps, "values": self._values}

    def load_state_dict(self, state: dict[str, object]) -> None:
        """Go on from a checkpoint."""
        self._steps, self._values = state["steps"], state["values"]  # type: ignore[assignment]
