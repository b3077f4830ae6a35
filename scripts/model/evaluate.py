"""Evaluate an exported model and its 8-bit version on labelled posts that neither was trained on.

Fits the temperature of each, tells their quality with the intervals that chance alone explains (bootstrap, 95 %), what
the 8 bits cost, and, paired on the same posts, how the 8-bit one compares with a model folder such as the one that is
shipped. Prints all of it and writes it as JSON.
"""

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

from model.card import quality_section
from model.data import Labelled, read_labelled
from model.folder import load_tokenizer
from model.labels import LABELS
from model.metrics import Floats
from model.predict import logits
from model.quality import compare, evaluate
from model.tokens import Tokens
from sentistream_worker.engine import Engine


def main(argv: list[str] | None = None) -> None:
    """Evaluate as the command line says."""
    options = parser().parse_args(argv)
    files = {path: read_labelled(path) for path in options.validation}
    if unknown := set(options.compare_on) - set(files):
        raise SystemExit(f"--compare-on {unknown.pop()} is none of the --validation files")
    posts = Labelled.joined(list(files.values()))
    actual = np.array(posts.labels)
    tokens = Tokens.of(load_tokenizer(str(options.folder)), posts.texts, options.max_tokens)
    figures, probabilities = evaluate(
        logits(options.folder / "model.onnx", tokens),
        logits(options.integer, tokens),
        logits(options.integer, tokens, shuffle=1),
        actual,
        json.loads((options.folder / "labels.json").read_text()),
    )
    figures["files"] = [path.name for path in files]
    if options.against is not None:
        chosen = options.compare_on or options.validation
        rows = np.concatenate([np.full(len(part), path in chosen) for path, part in files.items()])
        name, theirs = of_model_folder(options.against, [posts.texts[row] for row in np.flatnonzero(rows)])
        compared = compare(probabilities[rows], theirs, actual[rows])
        figures["against"] = {"model": name, "files": [path.name for path in chosen], **compared}
    print(quality_section(figures))
    if options.out:
        options.out.write_text(json.dumps(figures, indent=2) + "\n")


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    parse = argparse.ArgumentParser(prog="python -m model.evaluate", description=__doc__)
    parse.add_argument("folder", type=Path, help="made by model.export")
    parse.add_argument("--integer", type=Path, required=True, metavar="FILE", help="made by model.quantise")
    file: dict[str, Any] = {"type": Path, "action": "append", "metavar": "FILE"}
    parse.add_argument("--validation", **file, required=True, help="labelled posts; repeat for more files")
    parse.add_argument("--against", type=Path, metavar="FOLDER", help="compare with this model folder")
    parse.add_argument(
        "--compare-on",
        **file,
        default=[],
        help="of the --validation files, one that --against was not trained on; repeat for more (default: all)",
    )
    parse.add_argument("--max-tokens", type=int, default=128, help="of a post (default: %(default)s)")
    parse.add_argument("--out", type=Path, metavar="FILE", help="the figures as JSON")
    return parse


def of_model_folder(folder: Path, texts: list[str]) -> tuple[str, Floats]:
    """Name and probabilities, of shape (texts, 3), of a model as the worker runs it."""
    engine = Engine.load(folder)
    found = [[getattr(sentiment, label) for label in LABELS] for sentiment in engine.classify(texts)]
    engine.close()
    return engine.model, np.array(found)


if __name__ == "__main__":
    main()
