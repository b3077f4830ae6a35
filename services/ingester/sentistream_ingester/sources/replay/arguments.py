"""Arguments of a replay: which file, and how."""

import argparse
import math
import stat
import sys
from functools import partial
from io import FileIO
from pathlib import Path

from sentistream_ingester.source import UsageError
from sentistream_ingester.sources.replay.file_reader import Input
from sentistream_ingester.sources.replay.formats import Format, format_of
from sentistream_ingester.sources.replay.settings import ReplaySettings
from sentistream_ingester.sources.replay.source import Replay

STDIN = "-"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="file to replay, or - for standard input")
    parser.add_argument("--format", choices=list(Format), help="format of the file; by default its suffix tells")
    parser.add_argument(
        "--rate", type=_rate, default=0.0, help="posts a second; 0, the default, is as fast as possible"
    )
    parser.add_argument("--loop", action="store_true", help="begin again at the end, until a signal")
    parser.add_argument("--strict", action="store_true", help="stop at the first line that is no post")
    parser.add_argument("--source", default="file", help="source of posts that do not name one (default: file)")


def open_replay(_: ReplaySettings, arguments: argparse.Namespace) -> Replay:
    """Raises UsageError for a file that is not there or whose format is not known."""
    return Replay(_input(arguments), rate=arguments.rate, strict=arguments.strict)


def _rate(text: str) -> float:
    rate = float(text)
    if not (rate >= 0 and math.isfinite(rate)):
        raise argparse.ArgumentTypeError(f"{text} is no rate; 0 or more posts a second are expected")
    return rate


def _input(arguments: argparse.Namespace) -> Input:
    path = Path(arguments.file)
    is_stdin = arguments.file == STDIN
    file_format = Format(arguments.format) if arguments.format else format_of(path)
    if file_format is None:
        name = "standard input" if is_stdin else f"the suffix of {path.name}"
        raise UsageError(f"{name} does not tell the format: give --format {{{','.join(Format)}}}")
    if is_stdin:
        if arguments.loop:
            raise UsageError("--loop needs a file: standard input can be read only once")
        open_file = partial(FileIO, sys.stdin.fileno(), closefd=False)
        return Input(arguments.file, open_file, file_format, arguments.source, None, loop=False)
    try:
        status = path.stat()
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from error
    size = status.st_size if stat.S_ISREG(status.st_mode) else None
    return Input(arguments.file, partial(FileIO, path), file_format, arguments.source, size, loop=arguments.loop)
