"""Write the generated files; with --check only name those that are not current."""

import argparse
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from generate.files import FOLDERS, files

_ROOT = Path(__file__).parents[2]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit status 1 if a file is not current")
    check = parser.parse_args().check
    made = files(_ROOT)
    stale = not_current(_ROOT, made, FOLDERS)
    if check and stale:
        print("Not current, run `make generate`:", *stale, sep="\n  ", file=sys.stderr)
        raise SystemExit(1)
    for path in stale:
        if path in made:
            (_ROOT / path).write_text(made[path])
            print(f"wrote {path}")
        else:
            (_ROOT / path).unlink()
            print(f"removed {path}")


def not_current(root: Path, made: Mapping[Path, str], folders: Iterable[Path]) -> list[Path]:
    """Generated files that are not current, and files in generated folders that are no longer generated."""
    changed = [path for path, text in made.items() if not (root / path).exists() or (root / path).read_text() != text]
    there = [path.relative_to(root) for folder in folders for path in sorted((root / folder).iterdir())]
    return changed + [path for path in there if path not in made]


if __name__ == "__main__":
    main()
