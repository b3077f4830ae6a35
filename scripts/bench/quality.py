"""Measure the quality of the shipped model, the loss by its 8 bits, and the difference to the previous version.

These are the figures that its build measured on held-out posts (`python -m model.evaluate --help`). "No worse than the
version before, beyond chance" is that the interval of the difference, paired on the same posts, does not lie below 0.

The posts are not part of the repository, so this reads the model's manifest, after checking that the model file is the
one that was measured.
"""

import argparse
import hashlib
import json
import sys

from bench.inference import MODEL
from bench.report import Figure, Report, add_output_options, publish


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
    before, cost = measured["against"], measured["cost_of_8_bits"]
    publish(
        Report(
            "quality",
            {
                "model": f"{manifest['name']}-{manifest['version']}",
                "posts": measured["posts"],
                "before": before["model"],
                "posts_compared_on": before["posts"],
            },
            [
                Figure("macro recall of the shipped 8-bit model", round(recall["int8"], 2), "%"),
                Figure("log loss of the shipped 8-bit model", round(measured["int8"]["log_loss"], 3)),
                Figure.below("recall lost by 8 bits", 0.3, round(recall["float"] - recall["int8"], 2), "points"),
                Figure.below("log loss added by 8 bits", 0.01, round(-cost["log_loss"]["difference"]["value"], 4)),
                Figure.at_least(
                    "labels on which 8 bits and floats agree", 97.5, round(100 * measured["agreement"], 2), "%"
                ),
                Figure.at_most("calibration error", 3, round(100 * measured["calibration_error"], 2), "%"),
                Figure.at_least(
                    "recall above the version before, upper end of the interval",
                    0,
                    round(100 * before["macro_recall"]["difference"]["high"], 2),
                    "points",
                ),
                Figure.at_most(
                    "log loss above the version before, lower end of the interval",
                    0,
                    round(before["log_loss"]["difference"]["low"], 3),
                ),
            ],
        ),
        options.json,
    )


if __name__ == "__main__":
    main()
