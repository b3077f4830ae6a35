"""Average the weights of models that were fine-tuned from the same weights.

Models that descend from one another, or from the same classifier, lie in one basin of the loss;
their average is as good as an ensemble of them and costs as much as one (Wortsman et al., 2022).
"""

import argparse
import sys
from pathlib import Path

import torch

from model.folder import load_classifier, load_tokenizer, save_folder


def main(argv: list[str] | None = None) -> None:
    """Average as the command line says."""
    options = parser().parse_args(argv)
    models = [load_classifier(name) for name in options.models]
    states = [model.state_dict() for model in models]
    if any(state.keys() != states[0].keys() for state in states):
        sys.exit("the models are not of one architecture")
    averaged = {
        name: torch.stack([state[name].float() for state in states]).mean(dim=0).to(states[0][name].dtype)
        for name in states[0]
    }
    models[0].load_state_dict(averaged)
    save_folder(options.out, models[0], load_tokenizer(options.models[0]))
    print(f"{options.out}: the average of {len(models)} models", file=sys.stderr)


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    parse = argparse.ArgumentParser(prog="python -m model.average", description=__doc__)
    parse.add_argument("models", nargs="+", metavar="FOLDER", help="transformers folders")
    parse.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    return parse


if __name__ == "__main__":
    main()
