"""Teach a student what teachers see: their probabilities of each post, and the last hidden states of one of them.

The loss is the cross entropy to the probabilities plus, with --states, the mean squared difference between the
teacher's layer-normed states and the student's, projected to their width and layer-normed (as in Sanh et al., 2019, and
Jiao et al., 2020). The student is any encoder, or some layers of one. An interrupted training goes on when the same
command is given again.
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from torch.nn.functional import layer_norm

from model.batches import plan_batches, posts
from model.data import read_soft
from model.device import Device
from model.folder import keep_layers, load_classifier, load_tokenizer, save_folder
from model.inference import padded
from model.states import States
from model.tokens import Tokens
from model.training import add_training_options, checkpoint_file, train
from model.validation import add_validation_option, validation_report


def main(argv: list[str] | None = None) -> None:
    """Train as the command line says."""
    options = parser().parse_args(argv)
    torch.manual_seed(options.seed)
    device = Device.of(options)
    tokenizer = load_tokenizer(options.init)
    student = load_classifier(options.init)
    if options.layers:
        keep_layers(student, options.layers)
    device.place(student, steps=options.steps)
    texts, probabilities = zip(*[read_soft(path) for path in options.data], strict=True)
    tokens = Tokens.of(tokenizer, [text for part in texts for text in part], options.max_tokens)
    targets = device.tensor(np.concatenate(probabilities))
    plan = plan_batches(tokens.lengths, options.steps, posts(options.batch_size), options.seed)
    states = States.of(options.states, tokens) if options.states else None
    learner = torch.nn.ModuleDict({"student": student})
    if states is not None:
        width = states.values.shape[1]
        learner["projection"] = torch.nn.Linear(student.config.hidden_size, width).to(device.name)

    def loss(step: int) -> torch.Tensor:
        rows = plan[step]
        inputs = padded(tokens, rows, student, device)
        result = student(**inputs, output_hidden_states=states is not None)
        total = -(targets[device.tensor(rows)] * result.logits.float().log_softmax(1)).sum(1).mean()
        if states is None:
            return total
        seen = learner["projection"](result.hidden_states[-1][inputs["attention_mask"].bool()]).float()
        wanted = states.of_rows(tokens, rows).to(device.name).float()
        return total + options.states_weight * (layer_norm(seen, (width,)) - wanted).square().mean()

    train(learner, loss, options, device, validation_report(options, student, tokenizer, device))
    save_folder(options.out, student, tokenizer)
    checkpoint_file(options.out).unlink(missing_ok=True)


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    parse = argparse.ArgumentParser(prog="python -m model.distil", description=__doc__)
    parse.add_argument(
        "--data",
        type=Path,
        action="append",
        required=True,
        metavar="FILE",
        help="made by model.label; repeat for more files",
    )
    parse.add_argument(
        "--init",
        default="base",
        metavar="MODEL",
        help="'base', a transformers folder or a hub id (default: %(default)s)",
    )
    parse.add_argument("--layers", type=_layers, metavar="N,N,...", help="begin with these of its layers, from 0")
    parse.add_argument("--states", type=Path, metavar="FOLDER", help="made by model.states of the same --data")
    parse.add_argument("--states-weight", type=float, default=1.0, help="in the loss (default: %(default)s)")
    parse.add_argument("--batch-size", type=int, default=256, help="posts of a step (default: %(default)s)")
    add_validation_option(parse)
    add_training_options(parse, steps=25_900, learning_rate=5e-4)
    return parse


def _layers(text: str) -> list[int]:
    try:
        return [int(part) for part in text.split(",")]
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r}: expected layers' numbers joined by commas, such as 0,2,5"
        ) from None


if __name__ == "__main__":
    main()
