"""Tell how good the shipped model is and what its 8 bits cost: the figures that its build measured on validation posts.

The posts are not part of the repository, so this reads the model's manifest, after checking that the model file is the
one that was measured.
"""

import argparse
import hashlib
import json
import sys

from bench.inference import MODEL
from bench.report import Figure, Report, add_output_options, publish

_LOSS_BAR = 0.3


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench.quality", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_output_options(parser, quick="the same")
    options = parser.parse_args()
    manifest = json.loads((MODEL / "manifest.json").read_text(encoding="utf-8"))
    file = MODEL / manifest["model"]["file"]
    if hashlib.sha256(file.read_bytes()).hexdigest() != manifest["model"]["sha256"]:
        sys.exit(f"{file} is not the file that was measured: its SHA-256 is not the manifest's. Build the model anew.")
    measured = manifest["metrics"]
    recall = {kind: measured[kind]["macro_recall"] * 100 for kind in ("float", "int8")}
    publish(
        Report(
            "quality",
            {"model": f"{manifest['name']}-{manifest['version']}", "validation_posts": measured["posts"]},
            [
                Figure("macro recall of the shipped 8-bit model", round(recall["int8"], 2), "%"),
                Figure("macro recall in 32-bit floats", round(recall["float"], 2), "%"),
                Figure.below("loss by 8 bits", _LOSS_BAR, round(recall["float"] - recall["int8"], 2), "points"),
            ],
        ),
        options.json,
    )


if __name__ == "__main__":
    main()
