"""Put an 8-bit model, its tokenizer, manifest and card into a folder that the worker loads."""

import argparse
import json
import shutil
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from model.card import card
from model.cases import CASES, count, read_cases, right_of
from sentistream_worker import preprocess
from sentistream_worker.engine.manifest import MANIFEST_NAME, FileEntry, Manifest, sha256

_LIBRARIES = ("onnxruntime", "onnx", "optimum-onnx", "tokenizers", "torch", "transformers")


def main(argv: list[str] | None = None) -> None:
    """Package as the command line says."""
    options = parser().parse_args(argv)
    figures = json.loads(options.figures.read_text())
    cases = read_cases(options.cases)
    before = right_of(options.against, cases) if options.against else {}  # may be the folder that is replaced
    options.out.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(options.integer, options.out / "model.onnx")
    shutil.copyfile(options.folder / "tokenizer.json", options.out / "tokenizer.json")
    notes = options.notes.read_text() if options.notes else ""
    manifest = describe(options, figures)
    _write(options.out, manifest, notes)
    figures["cases"] = {"cases": count(cases), "right": right_of(options.out, cases) | before}
    _write(options.out, manifest.model_copy(update={"metrics": figures}), notes)
    print(f"{options.out}: {manifest.name} {manifest.version}, loads", file=sys.stderr)


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    parse = argparse.ArgumentParser(prog="python -m model.package", description=__doc__)
    parse.add_argument("folder", type=Path, help="made by model.export")
    parse.add_argument("--integer", type=Path, required=True, metavar="FILE", help="made by model.quantise")
    parse.add_argument("--figures", type=Path, required=True, metavar="FILE", help="made by model.evaluate")
    parse.add_argument("--name", required=True, help="with the version, what posts.model will say")
    parse.add_argument("--version", required=True)
    parse.add_argument("--max-tokens", type=int, default=128)
    parse.add_argument("--cases", type=Path, default=CASES, metavar="FILE", help="default: tests/model/cases.tsv")
    parse.add_argument("--against", type=Path, metavar="FOLDER", help="a model folder to compare the cases with")
    parse.add_argument("--notes", type=Path, metavar="FILE", help="Markdown for the card: data, licence, limits")
    parse.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    return parse


def describe(options: argparse.Namespace, figures: dict[str, Any]) -> Manifest:
    """Make the manifest of the files in `options.out`."""
    pad = Tokenizer.from_file(str(options.out / "tokenizer.json")).token_to_id("[PAD]")
    return Manifest(
        format=1,
        name=options.name,
        version=options.version,
        model=FileEntry(file="model.onnx", sha256=sha256(options.out / "model.onnx")),
        tokenizer=FileEntry(file="tokenizer.json", sha256=sha256(options.out / "tokenizer.json")),
        labels=tuple(json.loads((options.folder / "labels.json").read_text())),
        preprocessing=preprocess.VERSION,
        max_tokens=options.max_tokens,
        pad_token_id=pad or 0,
        temperature=figures["temperature"],
        metrics=figures,
        built_with={library: version(library) for library in _LIBRARIES},
    )


def _write(folder: Path, manifest: Manifest, notes: str) -> None:
    (folder / MANIFEST_NAME).write_text(manifest.model_dump_json(indent=2) + "\n")
    (folder / "README.md").write_text(card(manifest, notes))


if __name__ == "__main__":
    main()
