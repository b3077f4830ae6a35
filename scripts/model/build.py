"""Build the model folder that the worker loads, from the base weights or from a model you have.

Runs the steps one after another: train by the recipe (unless --model names a finished classifier),
export, quantise, evaluate, package. An interrupted training goes on when the same command is given
again. The whole takes two to three hours on two cores, most of it training.
"""

import argparse
import sys
from pathlib import Path

from model import evaluate, export, package, quantise
from model.arguments import add_seed
from model.arguments import labels as labels_argument
from model.progress import announce
from model.recipe import LARGER_TEACHER, TEACHER, Corpus, train_classifier


def main(argv: list[str] | None = None) -> None:
    """Build as the command line says."""
    options = parser().parse_args(argv)
    corpus = Corpus.of(options.data)
    needed = [corpus.training, corpus.validation]
    if options.model is None:
        needed += [corpus.noisy, corpus.unlabelled]
    for path in needed:
        if not path.is_file():
            sys.exit(f"no such file: {path} (it belongs into the folder that --data names)")
    work, seed = options.work, ["--seed", str(options.seed)]
    exported, integer, figures = (str(work / name) for name in ("exported", "int8.onnx", "figures.json"))
    model = options.model
    if model is None:
        announce("1/5 train")
        model = train_classifier(
            corpus,
            work,
            base=options.base,
            teacher=options.teacher,
            larger_teacher=options.larger_teacher,
            seed=options.seed,
            bfloat16=options.bfloat16,
        )
    announce("2/5 export")
    labels = ["--labels", ",".join(options.labels)] if options.labels else []
    export.main([model, "--out", exported, *labels])
    announce("3/5 quantise")
    quantise.main([exported, "--out", integer, "--calibration", str(corpus.training), *seed])
    announce("4/5 evaluate")
    evaluate.main([exported, "--integer", integer, "--validation", str(corpus.validation), "--out", figures])
    announce("5/5 package")
    notes = ["--notes", str(options.notes)] if options.notes else []
    identity = ["--name", options.name, "--version", options.version]
    package.main([exported, "--integer", integer, "--figures", figures, "--out", str(options.out), *identity, *notes])


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    parse = argparse.ArgumentParser(prog="python -m model.build", description=__doc__)
    parse.add_argument(
        "--data",
        type=Path,
        required=True,
        metavar="FOLDER",
        help="has semeval2017/ and, to train, tweet-sentiment-extraction/ and tweets-unlabelled/",
    )
    parse.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="the worker's model folder")
    parse.add_argument("--work", type=Path, required=True, metavar="FOLDER", help="intermediate results")
    parse.add_argument("--model", help="a finished classifier instead of training: transformers folder or hub id")
    parse.add_argument(
        "--base", default="base", metavar="MODEL", help="what the student begins from (default: the base weights)"
    )
    parse.add_argument(
        "--teacher",
        default=TEACHER,
        metavar="MODEL",
        help="what the teacher begins from: transformers folder or hub id (default: %(default)s)",
    )
    parse.add_argument(
        "--larger-teacher",
        default=LARGER_TEACHER,
        metavar="MODEL",
        help="what the further rounds' teacher begins from (default: %(default)s)",
    )
    parse.add_argument("--bfloat16", action="store_true", help="train in bfloat16: model.train --help")
    parse.add_argument("--labels", type=labels_argument, metavar="A,B,...", help="our label for each of its outputs")
    parse.add_argument("--name", default="sentistream-minilm-l6")
    parse.add_argument("--version", default="1")
    parse.add_argument("--notes", type=Path, metavar="FILE", help="Markdown for the card: data, licence, limits")
    add_seed(parse)
    return parse


if __name__ == "__main__":
    main()
