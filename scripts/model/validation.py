"""What a training tells of posts that it does not learn from."""

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer
from transformers import PreTrainedModel

from model.data import Labelled, read_labelled
from model.device import Device
from model.inference import probabilities
from model.metrics import macro_recall, negative_log_likelihood
from model.tokens import Tokens


def add_validation_option(parser: argparse.ArgumentParser) -> None:
    """Add what `validation_report` reads."""
    parser.add_argument(
        "--validation",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="labelled posts to tell the quality on, which are not trained on; repeat for more files",
    )


def validation_report(
    options: argparse.Namespace, model: PreTrainedModel, tokenizer: Tokenizer, device: Device
) -> Callable[[], str]:
    """A function that tells the quality of `model`, which is in evaluation mode by then, as it stands."""
    if not options.validation:
        return str
    posts = Labelled.joined([read_labelled(path) for path in options.validation])
    tokens, actual = Tokens.of(tokenizer, posts.texts, options.max_tokens), np.array(posts.labels)

    def report() -> str:
        found = probabilities(model, tokens, device)
        recall, loss = macro_recall(found.argmax(1), actual), negative_log_likelihood(found, actual)
        return f"{options.out.name}: macro recall {100 * recall:.2f} %, log loss {loss:.4f} on {len(posts)} posts"

    return report
