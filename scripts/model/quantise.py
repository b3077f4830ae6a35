"""Quantise an ONNX classifier to 8 bits with activation scales that are fixed beforehand.

Matrix products run on integers; their inputs are quantised with scales calibrated on training
texts, so that a post's result does not depend on the batch it travels in, as it does where each
batch is measured anew (dynamic quantisation). What the last layer computes for other tokens than the
first, which nobody reads, is left out.
"""

import argparse
import sys
from pathlib import Path

import onnx

from model.arguments import add_seed
from model.calibration import activation_ranges, calibration_batches
from model.data import read_labelled
from model.first_token import keep_first_token
from model.folder import load_tokenizer
from model.integer_graph import constant_products, fold_constants, quantise_graph


def main(argv: list[str] | None = None) -> None:
    """Quantise as the command line says."""
    options = parser().parse_args(argv)
    tokenizer = load_tokenizer(str(options.folder))
    batches = calibration_batches(
        tokenizer,
        read_labelled(options.calibration).texts,
        posts=options.posts,
        max_tokens=options.max_tokens,
        seed=options.seed,
    )
    model = fold_constants(options.folder / "model.onnx")
    keep_first_token(model.graph)
    inputs = sorted({product.input[0] for product in constant_products(model.graph)})
    ranges = activation_ranges(model, inputs, batches, options.coverage, progress=True)
    quantise_graph(model, ranges)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(model, options.out)
    before, after = (path.stat().st_size / 1e6 for path in (options.folder / "model.onnx", options.out))
    print(f"{options.out}: {after:.1f} MB (from {before:.1f} MB)", file=sys.stderr)


def parser() -> argparse.ArgumentParser:
    """The command line."""
    parse = argparse.ArgumentParser(prog="python -m model.quantise", description=__doc__)
    parse.add_argument("folder", type=Path, help="made by model.export")
    parse.add_argument("--out", type=Path, required=True, metavar="FILE")
    parse.add_argument("--calibration", type=Path, required=True, metavar="FILE", help="labelled training posts")
    parse.add_argument("--posts", type=int, default=1_024, help="how many of them to run")
    parse.add_argument("--max-tokens", type=int, default=128)
    parse.add_argument(
        "--coverage",
        type=float,
        default=0.9999,
        help="share of the activations that must not be clipped (default: %(default)s)",
    )
    add_seed(parse)
    return parse


if __name__ == "__main__":
    main()
