"""Build the model folder that the worker loads, from the base weights or from a model you have.

Runs the steps one after another: train (unless --model names a finished classifier), export,
quantise, evaluate, package. An interrupted training goes on when the same command is given again.
"""

import argparse
import sys
from pathlib import Path

from model import evaluate, export, package, quantise, train
from model.arguments import add_seed
from model.arguments import labels as labels_argument


def main(argv: list[str] | None = None) -> None:
    """Build as the command line says."""
    options = parser().parse_args(argv)
    training, validation = (options.data / "semeval2017" / name for name in ("train.tsv", "val.tsv"))
    for path in (training, validation):
        if not path.is_file():
            sys.exit(f"no such file: {path} (--data names the folder that has semeval2017/train.tsv and val.tsv)")
    work, seed = options.work, ["--seed", str(options.seed)]
    trained, exported, integer, figures = (
        str(work / name) for name in ("trained", "exported", "int8.onnx", "figures.json")
    )
    model = options.model
    if model is None:
        _announce("1/5 train")
        model = trained
        train.main(["--data", str(training), "--validation", str(validation), "--out", trained, *seed])
    _announce("2/5 export")
    labels = ["--labels", ",".join(options.labels)] if options.labels else []
    export.main([model, "--out", exported, *labels])
    _announce("3/5 quantise")
    quantise.main([exported, "--out", integer, "--calibration", str(training), *seed])
    _announce("4/5 evaluate")
    evaluate.main([exported, "--integer", integer, "--validation", str(validation), "--out", figures])
    _announce("5/5 package")
    notes = ["--notes", str(options.notes)] if options.notes else []
    identity = ["--name", options.name, "--version", options.version]
    package.main([exported, "--integer", integer, "--figures", figures, "--out", str(options.out), *identity, *notes])


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    parse = argparse.ArgumentParser(prog="python -m model.build", description=__doc__)
    parse.add_argument("--data", type=Path, required=True, metavar="FOLDER", help="has semeval2017/train.tsv, val.tsv")
    parse.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="the worker's model folder")
    parse.add_argument("--work", type=Path, required=True, metavar="FOLDER", help="intermediate results")
    parse.add_argument("--model", help="a finished classifier instead of training: transformers folder or hub id")
    parse.add_argument("--labels", type=labels_argument, metavar="A,B,...", help="our label for each of its outputs")
    parse.add_argument("--name", default="sentistream-minilm-l6")
    parse.add_argument("--version", default="1")
    parse.add_argument("--notes", type=Path, metavar="FILE", help="Markdown for the card: data, licence, limits")
    add_seed(parse)
    return parse


def _announce(step: str) -> None:
    print(f"=== {step}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
