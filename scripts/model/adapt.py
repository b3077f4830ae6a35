"""Go on with a model's pre-training on posts: masked-language steps (Devlin et al., 2019), which need no labels.

An interrupted training goes on when the same command is given again.
"""

import argparse
from pathlib import Path

import torch
from torch.nn.functional import cross_entropy

from model.batches import plan_batches
from model.batches import tokens as tokens_a_batch
from model.data import read_posts
from model.device import Device
from model.folder import load_masked_model, load_tokenizer, save_folder
from model.inference import padded
from model.masking import Masker, word_logits
from model.tokens import Tokens
from model.training import add_training_options, checkpoint_file, train


def main(argv: list[str] | None = None) -> None:
    """Train as the command line says."""
    options = parser().parse_args(argv)
    torch.manual_seed(options.seed)
    device = Device.of(options)
    tokenizer = load_tokenizer(options.init)
    model = device.place(load_masked_model(options.init), steps=options.steps)
    masker = Masker(tokenizer, device.name)
    texts = [text for path in options.texts for text in read_posts(path)]
    tokens = Tokens.of(tokenizer, texts, options.max_tokens)
    plan = plan_batches(tokens.lengths, options.steps, tokens_a_batch(options.batch_tokens), options.seed)

    def loss(step: int) -> torch.Tensor:
        inputs = padded(tokens, plan[step], model, device)
        generator = masker.generator(options.seed, step)
        ids = inputs["input_ids"]
        chosen = masker.choose(ids, options.masked, generator)
        inputs["input_ids"] = masker.corrupt(ids, chosen, generator)
        states = model.base_model(**inputs).last_hidden_state[chosen]
        total = cross_entropy(word_logits(model, states).float(), ids[chosen], reduction="sum")
        return total / chosen.sum().clamp(min=1)

    train(model, loss, options, device)
    save_folder(options.out, model, tokenizer)
    checkpoint_file(options.out).unlink(missing_ok=True)


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    parse = argparse.ArgumentParser(prog="python -m model.adapt", description=__doc__)
    parse.add_argument(
        "--texts",
        type=Path,
        action="append",
        required=True,
        metavar="FILE",
        help="posts with or without a label; repeat for more files",
    )
    parse.add_argument(
        "--init",
        default="base",
        metavar="MODEL",
        help="'base', a transformers folder or a hub id (default: %(default)s)",
    )
    parse.add_argument("--batch-tokens", type=int, default=16_384, help="of a step (default: %(default)s)")
    parse.add_argument("--masked", type=float, default=0.2, help="share of the tokens to guess (default: %(default)s)")
    add_training_options(parse, steps=2_500, learning_rate=6e-4, beta2=0.98, ema=0)
    return parse


if __name__ == "__main__":
    main()
