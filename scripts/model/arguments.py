"""What several commands' command lines share."""

import argparse
from pathlib import Path

from model.labels import parse_labels


def add_seed(parser: argparse.ArgumentParser) -> None:
    """Add `--seed`."""
    parser.add_argument("--seed", type=int, default=1, help="default: %(default)s")


def data_weight(text: str) -> tuple[Path, float]:
    """Parse `FILE` or `FILE=WEIGHT`; the weight multiplies the file's rows in the loss."""
    name, _, weight = text.partition("=")
    path = Path(name)
    if not path.is_file():
        raise argparse.ArgumentTypeError(f"no such file: {name}")
    try:
        return path, float(weight or 1)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text}: {weight!r} is not a number") from None


def share(text: str) -> float:
    """Parse a share, at least 0 and less than 1."""
    wrong = argparse.ArgumentTypeError(f"{text}: a share is at least 0 and less than 1")
    try:
        value = float(text)
    except ValueError:
        raise wrong from None
    if not 0 <= value < 1:
        raise wrong
    return value


def labels(text: str) -> list[str]:
    """Parse our label for each of a model's outputs."""
    try:
        return parse_labels(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
