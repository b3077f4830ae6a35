"""Export a sequence classification model to ONNX.

The model is a transformers folder, such as `model.train` writes, or a hub id. The folder made has
model.onnx, tokenizer.json and labels.json, which says what the model's outputs mean.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

from optimum.exporters.onnx import main_export
from transformers import AutoConfig

from model.arguments import labels as labels_argument
from model.folder import load_tokenizer
from model.labels import map_labels

_OPSET = 18


def main(argv: list[str] | None = None) -> None:
    """Export as the command line says."""
    options = parser().parse_args(argv)
    labels = options.labels or map_labels(AutoConfig.from_pretrained(options.model).id2label)
    tokenizer = load_tokenizer(options.model)
    options.out.mkdir(parents=True, exist_ok=True)
    print(f"exporting {options.model}, outputs {', '.join(labels)}", file=sys.stderr)
    with tempfile.TemporaryDirectory() as folder:
        main_export(options.model, folder, task="text-classification", opset=_OPSET)
        Path(folder, "model.onnx").replace(options.out / "model.onnx")
    tokenizer.no_padding()
    tokenizer.save(str(options.out / "tokenizer.json"))
    (options.out / "labels.json").write_text(json.dumps(labels))


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    parse = argparse.ArgumentParser(prog="python -m model.export", description=__doc__)
    parse.add_argument("model", help="transformers folder or hub id")
    parse.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    parse.add_argument(
        "--labels",
        type=labels_argument,
        metavar="A,B,...",
        help="our label for each output, where the model's own names do not tell",
    )
    return parse


if __name__ == "__main__":
    main()
