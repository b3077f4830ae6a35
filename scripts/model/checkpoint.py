"""The state of a training run, so that an interrupted one can go on."""

import sys
from collections.abc import Mapping
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
    """A file with the states of `parts`, torch's random numbers and the number of finished steps.

    `settings` are those of the run; a file of other settings is not gone on from.
    """

    def __init__(self, path: Path, settings: Mapping[str, str], **parts: Stateful) -> None:
        self._path = path
        self._settings = dict(settings)
        self._parts = parts

    def save(self, done: int) -> None:
        """Write the file, whole or not at all."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        state: dict[str, Any] = {name: part.state_dict() for name, part in self._parts.items()}
        state |= {"settings": self._settings, "random": torch.get_rng_state(), "done": done}
        if torch.cuda.is_available():
            state["random_gpu"] = torch.cuda.get_rng_state()
        partial = self._path.with_name(f"{self._path.name}.partial")
        torch.save(state, partial)
        partial.replace(self._path)

    def resume(self, device: str) -> int:
        """Restore what an interrupted run saved, onto `device`, and return its finished steps; 0 if there is none.

        Raises `ValueError` where the file is of other settings.
        """
        if not self._path.exists():
            return 0
        state = torch.load(self._path, map_location=device, weights_only=True)
        for name in sorted(self._settings | state["settings"]):
            before, now = state["settings"].get(name), self._settings.get(name)
            if before != now:
                raise ValueError(
                    f"{self._path} is of a run with --{name.replace('_', '-')} {before}, not {now}: "
                    "repeat that command, or delete the file"
                )
        for name, part in self._parts.items():
            part.load_state_dict(state[name])
        torch.set_rng_state(state["random"].cpu())
        if "random_gpu" in state and device == "cuda":
            torch.cuda.set_rng_state(state["random_gpu"].cpu())
        print(f"{self._path}: resuming after step {state['done']}", file=sys.stderr)
        return int(state["done"])
