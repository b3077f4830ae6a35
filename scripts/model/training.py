"""The loop that all trainings share."""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

import torch

from model.arguments import add_seed
from model.checkpoint import Checkpoint
from model.device import Device, add_device_options
from model.optimisation import Average, layer_groups, schedule

_REPORT_EVERY = 50
_NOT_OF_THE_RESULT = {"device", "compile", "threads", "checkpoint_every"}


def train(
    model: torch.nn.Module,
    loss: Callable[[int], torch.Tensor],
    options: argparse.Namespace,
    device: Device,
    report: Callable[[], str] = str,
) -> None:
    """Train `model` in place for `options.steps` steps; afterwards it has the average of its weights over the steps.

    AdamW, a linear rise and fall of the learning rate, gradients clipped to norm 1. `loss(step)` is the loss of a
    step's batch. `report()` is what to print of the averaged weights at each checkpoint. An interrupted training goes
    on, when it is called with the same options, from the last checkpoint, and ends with the same weights.

    Raises:
        ValueError: the checkpoint is of other options.
        FloatingPointError: the loss is no number any more.
    """
    optimizer = torch.optim.AdamW(
        layer_groups(model, options.learning_rate, options.layer_decay, options.weight_decay),
        betas=(0.9, options.beta2),
        eps=1e-6,
        fused=True,
    )
    scheduler = schedule(optimizer, options.steps, options.warmup)
    average = Average(model, options.ema)
    checkpoint = Checkpoint(
        checkpoint_file(options.out),
        {name: str(value) for name, value in vars(options).items() if name not in _NOT_OF_THE_RESULT},
        model=model,
        optimizer=optimizer,
        scheduler=scheduler,
        average=average,
    )
    first = checkpoint.resume(device.name)
    model.train()
    started, since, recent = time.monotonic(), first, torch.zeros((), device=device.name)
    for step in range(first, options.steps):
        with device.precision():
            value = loss(step)
        value.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        scheduler.step()
        optimizer.zero_grad()
        average.update(model)
        recent += value.detach()
        done = step + 1
        if done % _REPORT_EVERY == 0 or done == options.steps:
            mean, since = recent.item() / (done - since), done
            recent.zero_()
            if mean != mean:  # noqa: PLR0124 (what is not itself is no number)
                raise FloatingPointError(f"the loss is no number after step {done}: try a lower --learning-rate")
            pace = (time.monotonic() - started) / (done - first)
            print(
                f"{options.out.name}: step {done}/{options.steps}, loss {mean:.4f}, {pace:.3f} s a step, "
                f"{pace * (options.steps - done) / 60:.0f} min left",
                file=sys.stderr,
                flush=True,
            )
        if done % options.checkpoint_every == 0 and done < options.steps:
            checkpoint.save(done)
            with average.applied(model):
                _tell(report, model)
    average.apply(model)
    _tell(report, model)


def checkpoint_file(out: Path) -> Path:
    """Where the training whose result is `out` keeps its checkpoint."""
    return out.with_name(f"{out.name}.checkpoint")


def add_training_options(
    parser: argparse.ArgumentParser,
    *,
    steps: int,
    learning_rate: float,
    layer_decay: float = 1.0,
    beta2: float = 0.999,
    ema: float = 0.998,
) -> None:
    """Add what `train` reads, with these defaults, and the options of the device and the seed."""
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="a transformers folder")
    parser.add_argument("--steps", type=int, default=steps, help="batches (default: %(default)s)")
    parser.add_argument("--learning-rate", type=float, default=learning_rate, help="default: %(default)s")
    parser.add_argument(
        "--layer-decay", type=float, default=layer_decay, help="the rate falls so for each layer (default: %(default)s)"
    )
    parser.add_argument("--weight-decay", type=float, default=0.01, help="default: %(default)s")
    parser.add_argument("--warmup", type=float, default=0.06, help="share of the steps (default: %(default)s)")
    parser.add_argument("--beta2", type=float, default=beta2, help="AdamW's (default: %(default)s)")
    parser.add_argument("--ema", type=float, default=ema, help="decay of the weights' average (default: %(default)s)")
    parser.add_argument("--max-tokens", type=int, default=128, help="of a post (default: %(default)s)")
    parser.add_argument(
        "--checkpoint-every", type=int, default=500, metavar="STEPS", help="default: %(default)s; also reports then"
    )
    add_seed(parser)
    add_device_options(parser)


def _tell(report: Callable[[], str], model: torch.nn.Module) -> None:
    model.eval()
    if text := report():
        print(text, file=sys.stderr, flush=True)
    model.train()
