"""Find posts of one file that stand nearly word by word in another: such posts measure memory, not understanding.

Two posts are near-duplicates if the sets of their 4-grams of characters, without links, user names, case and
punctuation, have a Jaccard index of at least 0.5. Exit status 1 if there are any; --out writes the held-out files
without them.
"""

import argparse
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from model.data import read_posts

THRESHOLD = 0.5
_GRAM = 4
_IGNORED = re.compile(r"@user\b|\bhttp\b|[^\w]+|_")
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Pair:
    """A held-out post and the training post that it resembles most, by row from 0."""

    held_out: int
    training: int
    similarity: float


def main(argv: list[str] | None = None) -> None:
    """Compare as the command line says."""
    options = parser().parse_args(argv)
    found = duplicates_between(options.training, options.held_out)
    for (held_out, training), pairs in found.items():
        print(describe(held_out, training, pairs), file=sys.stderr)
    if options.out is not None:
        for path in options.held_out:
            rows = {pair.held_out for (held_out, _), pairs in found.items() if held_out == path for pair in pairs}
            write_without(path, rows, options.out / path.name)
    sys.exit(1 if found and options.out is None else 0)


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    parse = argparse.ArgumentParser(prog="python -m model.duplicates", description=__doc__)
    file: dict[str, Any] = {"type": Path, "action": "append", "required": True, "metavar": "FILE"}
    parse.add_argument("--held-out", **file, help="posts to choose or to test with; repeat for more files")
    parse.add_argument("--training", **file, help="posts that are trained on; repeat for more files")
    parse.add_argument("--out", type=Path, metavar="FOLDER", help="write the held-out files there, without the found")
    return parse


def duplicates_between(training: Sequence[Path], held_out: Sequence[Path]) -> dict[tuple[Path, Path], list[Pair]]:
    """The near-duplicates of each pair of files (held out, training) that has any."""
    ours = {path: read_posts(path) for path in held_out}
    rows = [(path, row) for path, texts in ours.items() for row in range(len(texts))]
    joined = [text for texts in ours.values() for text in texts]
    found: dict[tuple[Path, Path], list[Pair]] = defaultdict(list)
    for theirs in training:
        for pair in near_duplicates(joined, read_posts(theirs)):
            path, row = rows[pair.held_out]
            found[path, theirs].append(replace(pair, held_out=row))
    return dict(found)


def near_duplicates(held_out: Sequence[str], training: Sequence[str]) -> list[Pair]:
    """The most similar near-duplicate in `training` of each text of `held_out` that has one."""
    ours = [grams(text) for text in held_out]
    sizes = np.array([len(each) for each in ours])
    holders: dict[str, list[int]] = defaultdict(list)
    for row, each in enumerate(ours):
        for gram in each:
            holders[gram].append(row)
    index = {gram: np.array(rows) for gram, rows in holders.items()}
    most, where = np.zeros(len(ours)), np.zeros(len(ours), dtype=np.int64)
    for row, text in enumerate(training):
        theirs = grams(text)
        if found := [index[gram] for gram in theirs if gram in index]:
            shared = np.bincount(np.concatenate(found), minlength=len(ours))
            similarity = shared / (len(theirs) + sizes - shared)
            where[similarity > most] = row
            most = np.maximum(most, similarity)
    return [Pair(int(row), int(where[row]), float(most[row])) for row in np.flatnonzero(most >= THRESHOLD)]


def describe(held_out: Path, training: Path, pairs: Sequence[Pair]) -> str:
    """Say which posts they are, the first few by line."""
    lines = ", ".join(f"{pair.held_out + 1} ({pair.training + 1})" for pair in pairs[:_SHOWN])
    more = f" and {len(pairs) - _SHOWN} more" if len(pairs) > _SHOWN else ""
    return f"{held_out}: {len(pairs)} posts stand nearly alike in {training}: {lines}{more}"


def write_without(path: Path, rows: Iterable[int], out: Path) -> None:
    """Copy a file of posts without these rows."""
    dropped = set(rows)
    with path.open(encoding="utf-8") as file:
        lines = file.readlines()
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text("".join(line for row, line in enumerate(lines) if row not in dropped), encoding="utf-8")
    print(f"{out}: {len(lines) - len(dropped)} of {len(lines)} posts", file=sys.stderr)


def grams(text: str) -> frozenset[str]:
    """What is compared of a text; nothing of one that is all links and names."""
    letters = " ".join(_IGNORED.sub(" ", text.lower()).split())
    if not letters:
        return frozenset()
    return frozenset(letters[at : at + _GRAM] for at in range(max(1, len(letters) - _GRAM + 1)))


if __name__ == "__main__":
    main()
