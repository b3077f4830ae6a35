"""The state of a training run, so that an interrupted one can go on."""

import sys
from pathlib import Path
from typing import Any, Protocol

import torch


class Stateful(Protocol):
    """Anything with torch's way of saving and restoring itself."""

    def state_dict(self) -> dict[str, Any]:
        """Return what `load_state_dict` takes."""
        ...

    def load_state_dict(self, state_dict: dict[str, Any]) -> object:
        """Go on from that state."""
        ...


class Checkpoint:
    """A file with the states of `parts`, torch's random numbers and the number of finished steps."""

    def __init__(self, folder: Path, **parts: Stateful) -> None:
        self._path = folder / "checkpoint.pt"
        self._parts = parts

    def save(self, done: int) -> None:
        """Write the file, whole or not at all."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        state = {name: part.state_dict() for name, part in self._parts.items()}
        partial = self._path.with_suffix(".partial")
        torch.save(state | {"random": torch.get_rng_state(), "done": done}, partial)
        partial.replace(self._path)

    def resume(self) -> int:
        """Restore what an interrupted run saved and return its finished steps; 0 if there is none."""
        if not self._path.exists():
            return 0
        state = torch.load(self._path, weights_only=True)
        for name, part in self._parts.items():
            part.load_state_dict(state[name])
        torch.set_rng_state(state["random"])
        print(f"{self._path}: resuming after step {state['done']}", file=sys.stderr)
        return int(state["done"])

    def remove(self) -> None:
        """Forget the run, which is finished."""
        self._path.unlink(missing_ok=True)
