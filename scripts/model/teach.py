"""Give posts the probabilities that teachers see in them, for a student to learn from.

Each post's target is the mean of the teachers' probabilities; where the input has labels, mixed
with the label (distillation: Hinton, Vinyals and Dean, 2015). The file made is one that
`model.train` takes as `--data`; the teachers are transformers folders or hub ids.
"""

import argparse
import random
import sys
import time
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from model.arguments import add_seed
from model.data import pad, read_targets, read_texts, token_ids
from model.folder import load_classifier, load_tokenizer
from model.labels import LABELS

_BATCH_SIZE = 64
_REPORT_EVERY = 50


def main(argv: list[str] | None = None) -> None:
    """Write the file as the command line says."""
    options = parser().parse_args(argv)
    torch.set_num_threads(options.threads)
    if options.unlabelled:
        texts, labels = read_texts(options.posts), None
    else:
        texts, labels = read_targets(options.posts)
    chosen = list(range(len(texts)))
    random.Random(options.seed).shuffle(chosen)  # noqa: S311 (repeatable on purpose)
    chosen = chosen[: options.rows]
    posts = [texts[row] for row in chosen]
    targets = np.mean([_probabilities(teacher, posts, options.max_tokens) for teacher in options.teachers], axis=0)
    if labels is not None:
        targets = options.share * targets + (1 - options.share) * labels[chosen]
    lines = [
        f"{','.join(f'{value:.4f}' for value in target)}\t{post}\n" for target, post in zip(targets, posts, strict=True)
    ]
    # Whole or not at all: a file that is there is a finished step.
    partial = options.out.with_suffix(".partial")
    partial.write_text("".join(lines), encoding="utf-8")
    partial.replace(options.out)
    print(f"{options.out}: {len(posts)} posts", file=sys.stderr)


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    parse = argparse.ArgumentParser(prog="python -m model.teach", description=__doc__)
    parse.add_argument("teachers", nargs="+", metavar="TEACHER", help="classifiers of our three labels")
    parse.add_argument("--posts", type=Path, required=True, metavar="FILE", help="label<TAB>text")
    parse.add_argument("--unlabelled", action="store_true", help="the file has one text a line, without labels")
    parse.add_argument("--rows", type=int, metavar="N", help="no more than N posts, chosen by the seed")
    parse.add_argument(
        "--share", type=float, default=0.7, help="of the teachers in labelled posts (default: %(default)s)"
    )
    parse.add_argument("--out", type=Path, required=True, metavar="FILE")
    parse.add_argument("--max-tokens", type=int, default=128)
    parse.add_argument("--threads", type=int, default=torch.get_num_threads())
    add_seed(parse)
    return parse


def _probabilities(name: str, texts: list[str], max_tokens: int) -> NDArray[np.float32]:
    """What the teacher `name` sees in each text, shape (texts, 3)."""
    tokens = token_ids(load_tokenizer(name), texts, max_tokens)
    model = load_classifier(name).eval()
    order = sorted(range(len(tokens)), key=lambda row: len(tokens[row]))
    found = np.zeros((len(tokens), len(LABELS)), dtype=np.float32)
    started, steps = time.monotonic(), range(0, len(order), _BATCH_SIZE)
    with torch.inference_mode():
        for step, start in enumerate(steps, start=1):
            rows = order[start : start + _BATCH_SIZE]
            ids, mask = pad([tokens[row] for row in rows])
            found[rows] = model(input_ids=ids, attention_mask=mask).logits.softmax(1).numpy()
            if step % _REPORT_EVERY == 0:
                print(
                    f"{name}: {start}/{len(order)} posts, {time.monotonic() - started:.0f} s",
                    file=sys.stderr,
                    flush=True,
                )
    return found


if __name__ == "__main__":
    main()
