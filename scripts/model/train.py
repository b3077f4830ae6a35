"""Fine-tune a classifier on labelled posts.

With --leave-out, on all but one share of the posts: a teacher of that share, whose labels it has not seen
(cross-fitting). An interrupted training goes on when the same command is given again.
"""

import argparse

import numpy as np
import torch

from model.arguments import data_weight
from model.batches import plan_batches, posts
from model.data import read_labelled
from model.device import Device
from model.folder import load_classifier, load_tokenizer, save_folder
from model.folds import fold_argument, folds_of
from model.inference import padded
from model.labels import LABELS
from model.tokens import Tokens
from model.training import add_training_options, checkpoint_file, train
from model.validation import add_validation_option, validation_report


def main(argv: list[str] | None = None) -> None:
    """Train as the command line says."""
    options = parser().parse_args(argv)
    torch.manual_seed(options.seed)
    device = Device.of(options)
    tokenizer = load_tokenizer(options.init)
    model = device.place(load_classifier(options.init), steps=options.steps)
    texts, targets = _read(options)
    tokens = Tokens.of(tokenizer, texts, options.max_tokens)
    plan = plan_batches(tokens.lengths, options.steps, posts(options.batch_size), options.seed)
    targets = device.tensor(targets)

    def loss(step: int) -> torch.Tensor:
        logits = model(**padded(tokens, plan[step], model, device)).logits
        return -(targets[device.tensor(plan[step])] * logits.float().log_softmax(1)).sum(1).mean()

    train(model, loss, options, device, validation_report(options, model, tokenizer, device))
    save_folder(options.out, model, tokenizer)
    checkpoint_file(options.out).unlink(missing_ok=True)


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    parse = argparse.ArgumentParser(prog="python -m model.train", description=__doc__)
    parse.add_argument(
        "--data",
        type=data_weight,
        action="append",
        required=True,
        metavar="FILE[=WEIGHT]",
        help="posts, label<TAB>text; repeat for more files; the weight multiplies the file's loss, 1 unless given",
    )
    parse.add_argument(
        "--leave-out", type=fold_argument, metavar="K/N", help="do not train on share K, from 0, of N shares"
    )
    parse.add_argument(
        "--init",
        default="base",
        metavar="MODEL",
        help="'base', a transformers folder or a hub id (default: %(default)s)",
    )
    parse.add_argument("--batch-size", type=int, default=64, help="posts of a step (default: %(default)s)")
    parse.add_argument("--label-smoothing", type=float, default=0.05, help="default: %(default)s")
    add_validation_option(parse)
    add_training_options(parse, steps=2_500, learning_rate=2e-5, layer_decay=0.95)
    return parse


def _read(options: argparse.Namespace) -> tuple[list[str], np.ndarray]:
    """Texts and their smoothed labels times their weights, shape (posts, 3)."""
    texts: list[str] = []
    targets: list[np.ndarray] = []
    for path, weight in options.data:
        posts_of_file = read_labelled(path)
        smoothed = np.eye(len(LABELS), dtype=np.float32) * (1 - options.label_smoothing)
        smoothed += options.label_smoothing / len(LABELS)
        kept = np.full(len(posts_of_file), fill_value=True)
        if options.leave_out is not None:
            fold, folds = options.leave_out
            kept = folds_of(posts_of_file.texts, folds) != fold
        texts += [text for text, keep in zip(posts_of_file.texts, kept, strict=True) if keep]
        targets.append(weight * smoothed[np.array(posts_of_file.labels)[kept]])
    return texts, np.concatenate(targets).astype(np.float32)


if __name__ == "__main__":
    main()
