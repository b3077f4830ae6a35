"""Commands that write a document that the code alone decides, or tell whether the one that is there is current."""

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path


def write_or_check(make: Callable[[], Mapping[str, object]], *, program: str, description: str) -> None:
    """`program FILE` writes the document as JSON; with `--check` it exits with 1 if the file is not current."""
    parser = argparse.ArgumentParser(prog=program, description=description)
    parser.add_argument("file", type=Path)
    parser.add_argument("--check", action="store_true", help="only tell whether the file is current")
    options = parser.parse_args()
    text = json.dumps(make(), indent=2, ensure_ascii=False) + "\n"
    if not options.check:
        options.file.write_text(text)
    elif not options.file.exists() or options.file.read_text() != text:
        print(f"{options.file} is not current: write it with `make api-types`.", file=sys.stderr)  # noqa: T201
        raise SystemExit(1)
