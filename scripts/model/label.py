"""Give posts the probabilities that teachers see in them, for a student to learn from.

Each post's target is the mean of the teachers' probabilities; with --cross-fitted, what the one teacher sees in a
labelled post that was not trained on its share. A labelled post's own label may be mixed in (distillation: Hinton,
Vinyals and Dean, 2015). An interrupted call goes on when the same command is given again.
"""

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.arguments import share as share_argument
from model.chunks import write_in_chunks
from model.data import read_labelled, read_posts
from model.device import Device, add_device_options
from model.folder import load_classifier, load_tokenizer
from model.folds import folds_of
from model.inference import probabilities
from model.labels import LABELS
from model.tokens import Tokens


def main(argv: list[str] | None = None) -> None:
    """Write the file as the command line says."""
    options = parser().parse_args(argv)
    device = Device.of(options)
    teachers = [(load_tokenizer(name), device.place(load_classifier(name)).eval()) for name in options.teachers]
    labelled = options.posts.suffix != ".txt"
    texts = read_posts(options.posts)
    labels = np.eye(len(LABELS))[read_labelled(options.posts).labels] if labelled else None

    def make(rows: range) -> bytes:
        chosen = texts[rows.start : rows.stop]
        seen = np.stack(
            [
                probabilities(model, Tokens.of(tokenizer, chosen, options.max_tokens), device)
                for tokenizer, model in teachers
            ]
        )
        targets = _of_left_out_share(seen, chosen) if options.cross_fitted and labelled else seen.mean(axis=0)
        if labels is not None:
            targets = (1 - options.label_share) * targets + options.label_share * labels[rows.start : rows.stop]
        lines = [
            f"{','.join(f'{value:.4f}' for value in target)}\t{text}\n"
            for target, text in zip(targets, chosen, strict=True)
        ]
        return "".join(lines).encode()

    made_of = (options.teachers, options.posts, options.cross_fitted, options.label_share, options.max_tokens)
    write_in_chunks(options.out, len(texts), make, made_of=made_of)


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    parse = argparse.ArgumentParser(prog="python -m model.label", description=__doc__)
    parse.add_argument("teachers", nargs="+", metavar="TEACHER", help="classifiers of our labels, made by model.train")
    parse.add_argument("--posts", type=Path, required=True, metavar="FILE", help="label<TAB>text, or .txt: texts")
    parse.add_argument(
        "--cross-fitted",
        action="store_true",
        help="the teachers were trained with --leave-out 0/N, 1/N, ... of the labelled posts, in this order",
    )
    parse.add_argument(
        "--label-share",
        type=share_argument,
        default=0.0,
        metavar="SHARE",
        help="of the label in a labelled post's target (default: %(default)s)",
    )
    parse.add_argument("--max-tokens", type=int, default=128, help="of a post (default: %(default)s)")
    parse.add_argument("--out", type=Path, required=True, metavar="FILE", help="probabilities<TAB>text")
    add_device_options(parse)
    return parse


def _of_left_out_share(seen: NDArray[np.float32], texts: list[str]) -> NDArray[np.float32]:
    """Of (teachers, posts, labels), what the teacher of each post's fold saw."""
    return seen[folds_of(texts, len(seen)), np.arange(len(texts))]


if __name__ == "__main__":
    main()
