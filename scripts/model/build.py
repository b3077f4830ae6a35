"""Build the model folder that the worker loads: the whole recipe, or what comes after training for a model you have.

Adapts the base models to posts, trains the teachers, distils the student, then exports, quantises, evaluates and
packages it. Refuses held-out posts that stand nearly alike among the training posts. Each step leaves its result in
the folder --work and is passed over when it is there, so that an interrupted build goes on when the same command is
given again. On a GPU it takes about ten minutes, on a few cores days.
"""

import argparse
import sys
from pathlib import Path

from model import evaluate, export, package, quantise
from model.arguments import add_seed
from model.arguments import labels as labels_argument
from model.corpus import Corpus
from model.device import add_device_options
from model.duplicates import describe, duplicates_between
from model.pipeline import train_student
from model.progress import announce
from model.recipe import SHIPPED, read_recipe


def main(argv: list[str] | None = None) -> None:
    """Build as the command line says."""
    options = parser().parse_args(argv)
    corpus = Corpus.of(options.data)
    for path in [corpus.training, *corpus.held_out] if options.model else [*corpus.texts, *corpus.held_out]:
        if not path.is_file():
            sys.exit(f"no such file: {path} (it belongs into the folder that --data names)")
    model = options.model or _trained(options, corpus)
    work = options.work
    exported, integer, figures = (str(work / name) for name in ("exported", "int8.onnx", "figures.json"))
    validation = [word for path in corpus.held_out for word in ("--validation", str(path))]
    against = ["--against", str(options.against)] if options.against else []
    announce("export")
    labels = ["--labels", ",".join(options.labels)] if options.labels else []
    export.main([str(model), "--out", exported, *labels])
    announce("quantise")
    calibration = ["--calibration", str(corpus.training), "--seed", str(options.seed)]
    quantise.main([exported, "--out", integer, *calibration])
    announce("evaluate")
    compared = [*against, "--compare-on", str(corpus.validation)] if against else []
    evaluate.main([exported, "--integer", integer, *validation, *compared, "--out", figures])
    announce("package")
    notes = ["--notes", str(options.notes)] if options.notes else []
    identity = ["--name", options.name, "--version", options.version]
    files = [exported, "--integer", integer, "--figures", figures, "--out", str(options.out)]
    package.main([*files, *identity, *against, *notes])


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
    parse.add_argument(
        "--recipe", type=Path, default=SHIPPED, metavar="FILE", help="default: scripts/model/recipe.toml"
    )
    parse.add_argument("--model", help="a finished classifier instead of training: transformers folder or hub id")
    parse.add_argument("--labels", type=labels_argument, metavar="A,B,...", help="our label for each of its outputs")
    parse.add_argument("--against", type=Path, metavar="FOLDER", help="a model folder to compare with: the one in use")
    parse.add_argument("--name", required=True, help="with the version, what posts.model will say")
    parse.add_argument("--version", required=True)
    parse.add_argument("--notes", type=Path, metavar="FILE", help="Markdown for the card: data, licence, limits")
    add_seed(parse)
    add_device_options(parse)
    return parse


def _trained(options: argparse.Namespace, corpus: Corpus) -> Path:
    try:
        recipe = read_recipe(options.recipe)
    except (OSError, ValueError) as error:
        sys.exit(str(error))
    announce("near-duplicates")
    if found := duplicates_between(corpus.texts, corpus.held_out):
        told = [describe(held_out, training, pairs) for (held_out, training), pairs in found.items()]
        sys.exit("\n".join([*told, "take these out of one side: python -m model.duplicates --help"]))
    device = ["--threads", str(options.threads)]
    device += ["--device", options.device] if options.device else []
    for name in ("bfloat16", "compile"):
        if (chosen := getattr(options, name)) is not None:
            device.append(f"--{'' if chosen else 'no-'}{name}")
    return train_student(recipe, corpus, options.work, seed=options.seed, device=device)


if __name__ == "__main__":
    main()
