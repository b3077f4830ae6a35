"""Keep what a teacher's last layer makes of every token, for students to imitate (model.distil --states).

Writes a folder: the layer-normed hidden states as 16-bit floats (1.5 kB a token for a width of 768: 17 GB for half a
million posts), and whose they are. An interrupted call goes on when the same command is given again.
"""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import layer_norm

from model.chunks import write_in_chunks
from model.data import read_soft
from model.device import Device, add_device_options
from model.folder import load_classifier, load_tokenizer
from model.inference import outputs
from model.tokens import Rows, Tokens


def main(argv: list[str] | None = None) -> None:
    """Write the folder as the command line says."""
    options = parser().parse_args(argv)
    device = Device.of(options)
    tokenizer = load_tokenizer(options.teacher)
    encoder = device.place(load_classifier(options.teacher)).eval().base_model
    texts = [text for path in options.data for text in read_soft(path)[0]]
    width = int(encoder.config.hidden_size)
    lengths = Tokens.of(tokenizer, texts, options.max_tokens).lengths

    def make(rows: range) -> bytes:
        tokens = Tokens.of(tokenizer, texts[rows.start : rows.stop], options.max_tokens)
        states = np.zeros((len(tokens.ids), width), dtype=np.float16)
        for chosen, inputs, result in outputs(encoder, tokens, device):
            real = result.last_hidden_state[inputs["attention_mask"].bool()].float()
            states[tokens.positions(chosen)] = layer_norm(real, (width,)).cpu().numpy().astype(np.float16)
        return states.tobytes()

    partial = options.out.with_name(f"{options.out.name}.partial")
    made_of = (options.teacher, options.data, options.max_tokens)
    write_in_chunks(partial / "states.f16", len(texts), make, made_of=made_of)
    np.save(partial / "lengths.npy", lengths)
    (partial / "about.json").write_text(json.dumps({"teacher": options.teacher, "width": width}))
    partial.rename(options.out)


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    parse = argparse.ArgumentParser(prog="python -m model.states", description=__doc__)
    parse.add_argument("teacher", help="made by model.train")
    parse.add_argument(
        "--data",
        type=Path,
        action="append",
        required=True,
        metavar="FILE",
        help="made by model.label; repeat for more files, in the order that model.distil gets them",
    )
    parse.add_argument("--max-tokens", type=int, default=128, help="of a post (default: %(default)s)")
    parse.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    add_device_options(parse)
    return parse


@dataclass(frozen=True, slots=True)
class States:
    """A teacher's states, read from the file as they are asked for."""

    values: NDArray[np.float16]
    """Shape (tokens, width)."""

    @classmethod
    def of(cls, folder: Path, tokens: Tokens) -> Self:
        """Open what this command wrote for the texts of `tokens`.

        Raises `ValueError` where the texts are others, or the teacher's tokenizer cuts them into other tokens.
        """
        lengths = np.load(folder / "lengths.npy")
        if len(lengths) != len(tokens):
            raise ValueError(f"{folder} is of {len(lengths)} texts, not {len(tokens)}: make it of the same files")
        if (other := np.flatnonzero(lengths != tokens.lengths)).size:
            row = int(other[0])
            raise ValueError(
                f"{folder}: the teacher cuts text {row} into {lengths[row]} tokens, the student into "
                f"{tokens.lengths[row]}: states are of use only where both have the same vocabulary"
            )
        width = json.loads((folder / "about.json").read_text())["width"]
        values = np.memmap(folder / "states.f16", dtype=np.float16, mode="r", shape=(len(tokens.ids), width))
        return cls(values)

    def of_rows(self, tokens: Tokens, rows: Rows) -> torch.Tensor:
        """The states of the rows' tokens, one row after another."""
        return torch.from_numpy(self.values[tokens.positions(rows)])


if __name__ == "__main__":
    main()
