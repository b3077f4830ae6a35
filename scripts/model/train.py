"""Fine-tune a model on labelled posts.

Writes a transformers folder with the averaged weights, and a checkpoint in it from which an
interrupted run goes on when the same command is given again.
"""

import argparse
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch.nn.functional import cross_entropy
from transformers import PreTrainedModel

from model.arguments import add_seed, data_weight, share
from model.checkpoint import Checkpoint
from model.data import batches, pad, read_labelled, read_targets, token_ids
from model.folder import load_classifier, load_tokenizer, save_folder
from model.labels import LABELS
from model.metrics import macro_recall
from model.optimisation import Average, freeze, layer_groups, schedule

_REPORT_EVERY = 50


@dataclass(frozen=True, slots=True)
class Rows:
    """Everything one epoch sees: each post's tokens and its targets, shape (posts, 3).

    Targets are probabilities times the weights of file and class, so that the loss is the cross
    entropy over the sum of the targets.
    """

    tokens: list[list[int]]
    targets: torch.Tensor


def main(argv: list[str] | None = None) -> None:
    """Train as the command line says."""
    options = parser().parse_args(argv)
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    tokenizer = load_tokenizer(options.init)
    model = load_classifier(options.init)
    if options.freeze is not None:
        freeze(model, options.freeze)
    rows = read_rows(options, tokenizer)
    validation = read_labelled(options.validation)
    validation_tokens = token_ids(tokenizer, validation.texts, options.max_tokens)

    lengths = [len(tokens) for tokens in rows.tokens]
    epochs = [
        list(batches(lengths, options.batch_size, options.seed * 1_000 + epoch)) for epoch in range(options.epochs)
    ]
    plan = [batch for epoch in epochs for batch in epoch][: options.max_steps]
    optimizer = torch.optim.AdamW(
        layer_groups(model, options.learning_rate, options.layer_decay, options.weight_decay),
        fused=True,
    )
    scheduler = schedule(optimizer, len(plan), options.warmup)
    average = Average(model, options.ema)

    checkpoint = Checkpoint(options.out, model=model, optimizer=optimizer, scheduler=scheduler, average=average)
    done = checkpoint.resume()
    model.train()
    started, steps_before, recent = time.monotonic(), done, []
    for step in range(done, len(plan)):
        batch = plan[step]
        ids, mask = pad([rows.tokens[row] for row in batch])
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=options.bfloat16):
            logits = model(input_ids=ids, attention_mask=mask).logits
        targets = rows.targets[batch]
        loss = cross_entropy(logits.float(), targets, reduction="sum") / targets.sum()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        scheduler.step()
        optimizer.zero_grad()
        average.update(model)

        recent.append(loss.item())
        done = step + 1
        if done % _REPORT_EVERY == 0:
            seconds = (time.monotonic() - started) / (done - steps_before)
            print(
                f"step {done}/{len(plan)} loss {np.mean(recent):.4f} "
                f"{seconds:.2f} s/step, {seconds * (len(plan) - done) / 60:.0f} min left",
                file=sys.stderr,
                flush=True,
            )
            recent.clear()
        if done % options.checkpoint_every == 0 or done == len(plan):
            checkpoint.save(done)
            with average.applied(model):
                save_folder(options.out, model, tokenizer)
                recall = validation_recall(model, validation_tokens, validation.labels)
            print(f"step {done} macro recall {recall:.4f}", file=sys.stderr, flush=True)
    checkpoint.remove()


def parser() -> argparse.ArgumentParser:
    """The command line."""
    parse = argparse.ArgumentParser(prog="python -m model.train", description=__doc__)
    parse.add_argument(
        "--data",
        type=data_weight,
        action="append",
        required=True,
        metavar="FILE[=WEIGHT]",
        help="posts, label<TAB>text or probabilities<TAB>text; repeat for more files; weight 1 unless given",
    )
    parse.add_argument("--validation", type=Path, required=True, metavar="FILE")
    parse.add_argument(
        "--init",
        default="base",
        metavar="MODEL",
        help="'base', a transformers folder or a hub id (default: %(default)s)",
    )
    parse.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    parse.add_argument("--epochs", type=int, default=2)
    parse.add_argument("--max-steps", type=int, help="stop after this many batches")
    parse.add_argument("--batch-size", type=int, default=32)
    parse.add_argument("--max-tokens", type=int, default=128)
    parse.add_argument("--learning-rate", type=float, default=1e-4)
    parse.add_argument("--layer-decay", type=float, default=0.9)
    parse.add_argument("--weight-decay", type=float, default=0.01)
    parse.add_argument("--warmup", type=float, default=0.06, help="share of the steps")
    parse.add_argument("--ema", type=float, default=0.998, help="decay of the weights' average")
    parse.add_argument(
        "--class-weight-power", type=float, default=0.5, help="0 weighs posts alike, 1 classes (default: %(default)s)"
    )
    parse.add_argument("--label-smoothing", type=float, default=0.05)
    parse.add_argument("--checkpoint-every", type=int, default=500, metavar="STEPS")
    parse.add_argument(
        "--freeze", type=share, metavar="SHARE", help="leave the embeddings and this share of the first layers alone"
    )
    parse.add_argument(
        "--bfloat16",
        action="store_true",
        help="multiply matrices in bfloat16; 1.7 times as fast where the processor has instructions for it",
    )
    parse.add_argument("--threads", type=int, default=torch.get_num_threads())
    add_seed(parse)
    return parse


def read_rows(options: argparse.Namespace, tokenizer: Tokenizer) -> Rows:
    """Read and tokenise all training files.

    Labels are smoothed; all targets are weighted by class. A teacher's probabilities lean already as
    its own training did, so that a student with the same power leans twice as far.
    """
    tokens: list[list[int]] = []
    parts: list[torch.Tensor] = []
    for path, weight in options.data:
        texts, probabilities = read_targets(path)
        tokens += token_ids(tokenizer, texts, options.max_tokens)
        targets = torch.from_numpy(probabilities)
        if bool((targets.amax(1) == 1).all()):
            targets = targets * (1 - options.label_smoothing) + options.label_smoothing / len(LABELS)
        targets = targets * balanced_weights(targets, options.class_weight_power)
        parts.append(targets * weight)
        print(f"{path.name}: {len(texts)} posts, weight {weight}", file=sys.stderr)
    return Rows(tokens, torch.cat(parts))


def balanced_weights(targets: torch.Tensor, power: float) -> torch.Tensor:
    """(rows / (classes x rows of the class)) ** power; 0 is no weighting, 1 is balanced."""
    return (len(targets) / (len(LABELS) * targets.sum(0).clamp(min=1))) ** power


def validation_recall(
    model: PreTrainedModel, tokens: list[list[int]], labels: list[int], batch_size: int = 64
) -> float:
    """Macro recall of `model` as it stands; leaves it in training mode."""
    order = sorted(range(len(tokens)), key=lambda row: len(tokens[row]))
    predicted = np.zeros(len(tokens), dtype=np.int64)
    model.eval()
    with torch.inference_mode():
        for start in range(0, len(order), batch_size):
            rows = order[start : start + batch_size]
            ids, mask = pad([tokens[row] for row in rows])
            predicted[rows] = model(input_ids=ids, attention_mask=mask).logits.argmax(1).numpy()
    model.train()
    return macro_recall(predicted, np.array(labels), len(LABELS))


if __name__ == "__main__":
    main()
