"""Where the network runs: on the processor or on a GPU."""

import argparse
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import PreTrainedModel

_WORTH_COMPILING = 500
"""Steps; compiling takes about as long as this many steps save."""


@dataclass(frozen=True, slots=True)
class Device:
    """A device, and how to compute on it."""

    name: str
    bfloat16: bool
    compiled: bool | None
    """None: where it pays."""

    @classmethod
    def of(cls, options: argparse.Namespace) -> "Device":
        """The device that the command line asks for."""
        torch.set_num_threads(options.threads)
        name = options.device or ("cuda" if torch.cuda.is_available() else "cpu")
        bfloat16 = name == "cuda" if options.bfloat16 is None else options.bfloat16
        return cls(name, bfloat16, options.compile)

    def place(self, model: PreTrainedModel, *, steps: int = 0) -> PreTrainedModel:
        """Move `model` there; its encoder is compiled if that pays for so many training steps."""
        model = model.to(self.name)
        worth = self.name == "cuda" and steps >= _WORTH_COMPILING
        if worth if self.compiled is None else self.compiled:
            model.base_model.compile(dynamic=True)
        return model

    def tensor(self, values: NDArray[Any]) -> torch.Tensor:
        """Copy to the device."""
        return torch.from_numpy(np.ascontiguousarray(values)).to(self.name, non_blocking=True)

    def precision(self) -> AbstractContextManager[Any]:
        """Multiply matrices in bfloat16, if so asked, while this is open."""
        context: AbstractContextManager[Any] = torch.autocast(self.name, dtype=torch.bfloat16, enabled=self.bfloat16)
        return context


def add_device_options(parser: argparse.ArgumentParser) -> None:
    """Add what `Device.of` reads."""
    parser.add_argument("--device", choices=["cpu", "cuda"], help="default: a GPU if there is one")
    parser.add_argument(
        "--bfloat16",
        action=argparse.BooleanOptionalAction,
        help="multiply matrices in bfloat16 (default: on a GPU); a processor must have instructions for it",
    )
    parser.add_argument(
        "--compile",
        action=argparse.BooleanOptionalAction,
        help=f"compile the encoder (default: on a GPU, from {_WORTH_COMPILING} steps)",
    )
    parser.add_argument(
        "--threads", type=int, default=torch.get_num_threads(), help="of the processor (default: %(default)s)"
    )
