"""Flags of sentistream-ingester.

Those of settings are made from the settings themselves and win over the environment.
"""

import argparse
import math
import stat
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from io import FileIO
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from sentistream_core.settings import EXIT_BAD_SETTINGS, explain, variable_name
from sentistream_ingester.replay.formats import Format, format_of
from sentistream_ingester.replay.reader import Input
from sentistream_ingester.replay.run import ReplayOptions
from sentistream_ingester.settings import IngesterSettings, ReplaySettings, SimulateSettings

S = TypeVar("S", bound=IngesterSettings)

STDIN = "-"
_OWN_PREFIX = "ingester_"

_OVERVIEW = """\
Writes posts to the stream social_posts_stream of Redis or Valkey.

  sentistream-ingester [simulate]     a simulated stream at a rate (what runs without a command)
  sentistream-ingester replay FILE    the posts of a file; - is standard input

Each command has its own --help, with all flags and settings."""

_SIMULATE = """\
Writes simulated posts at a rate until SIGTERM, then logs how many and exits with 0.
Each flag has a setting of the same meaning; the flag wins."""

_REPLAY = """\
Writes the posts of FILE, or of standard input if it is -, and then says how many.

ndjson  one JSON object a line with content, and optionally id (UUID), created_at (RFC 3339), author, source, lang, url
csv     the same names in the first line; further columns are ignored
lines   each line is the content of a post

A line that is no post is reported with its number and the reason, counted, and skipped.
With --loop, ids that the file gives are kept in the first round; in the rounds after it, counted from 1, each becomes
UUIDv5(id, "round N"), because a post with an id that is stored already would be ignored.

Exit codes: 0 all sent, 1 some lines were rejected or the replay failed, 2 wrong usage or an unusable file, 3 stopped
by a signal before the end, 78 a setting that does not fit."""


@dataclass(frozen=True, slots=True)
class SimulateCommand:
    settings: SimulateSettings


@dataclass(frozen=True, slots=True)
class ReplayCommand:
    settings: ReplaySettings
    file: str
    input: Input
    options: ReplayOptions


def parse(arguments: Sequence[str]) -> SimulateCommand | ReplayCommand:
    """Read flags and environment.

    Raises:
        SystemExit: after --help (0), wrong usage (2), or a setting that does not fit (78), with a message.
    """
    parser = argparse.ArgumentParser(
        "sentistream-ingester",
        usage="sentistream-ingester [COMMAND] [FLAGS]",
        description=_OVERVIEW,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", help=argparse.SUPPRESS)
    simulate = _command(commands, "simulate", "[simulate] [FLAGS]", _SIMULATE, SimulateSettings)
    replay = _command(commands, "replay", "replay [FLAGS] FILE", _REPLAY, ReplaySettings)
    _add_replay_flags(replay)
    is_command = bool(arguments) and arguments[0] in {"simulate", "replay", "-h", "--help"}
    flags = parser.parse_args(arguments if is_command else ["simulate", *arguments])
    if flags.command == "simulate":
        return SimulateCommand(_settings(SimulateSettings, flags, simulate))
    return ReplayCommand(
        _settings(ReplaySettings, flags, replay),
        flags.file,
        _input(flags, replay),
        ReplayOptions(flags.rate, flags.strict),
    )


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    usage: str,
    description: str,
    settings_class: type[IngesterSettings],
) -> argparse.ArgumentParser:
    parser = commands.add_parser(
        name,
        usage=f"sentistream-ingester {usage}",
        description=description,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    stream = parser.add_argument_group("the stream")
    service = parser.add_argument_group("the service")
    for field_name, field in settings_class.model_fields.items():
        default = "" if field.default is None or field.default_factory else f", default {field.default}"
        (stream if field_name.startswith(_OWN_PREFIX) else service).add_argument(
            _flag(field_name),
            dest=field_name,
            default=argparse.SUPPRESS,
            metavar="VALUE",
            help=f"{field.description} ({variable_name(field_name)}{default})".replace("%", "%%"),
        )
    return parser


def _flag(field_name: str) -> str:
    return "--" + field_name.removeprefix(_OWN_PREFIX).replace("_", "-")


def _add_replay_flags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="file to replay, or - for standard input")
    parser.add_argument("--format", choices=list(Format), help="format of the file; by default its suffix tells")
    parser.add_argument(
        "--rate", type=_rate, default=0.0, help="posts a second; 0, the default, is as fast as possible"
    )
    parser.add_argument("--loop", action="store_true", help="begin again at the end, until a signal")
    parser.add_argument("--strict", action="store_true", help="stop at the first line that is no post")
    parser.add_argument("--source", default="file", help="source of posts that do not name one (default: file)")


def _rate(text: str) -> float:
    rate = float(text)
    if not (rate >= 0 and math.isfinite(rate)):
        raise argparse.ArgumentTypeError(f"{text} is no rate; 0 or more posts a second are expected")
    return rate


def _settings(settings_class: type[S], flags: argparse.Namespace, parser: argparse.ArgumentParser) -> S:
    given = {name: value for name, value in vars(flags).items() if name in settings_class.model_fields}
    try:
        return settings_class(**given)
    except ValidationError as error:
        parser.exit(EXIT_BAD_SETTINGS, _name_flags(explain(error, settings_class), given) + "\n")


def _name_flags(explanation: str, given: Mapping[str, str]) -> str:
    """Whoever typed a flag reads its name and not that of the variable."""
    for name in given:
        explanation = explanation.replace(f"{variable_name(name)}:", f"{_flag(name)}:")
    return explanation


def _input(flags: argparse.Namespace, parser: argparse.ArgumentParser) -> Input:
    path = Path(flags.file)
    file_format = Format(flags.format) if flags.format else format_of(path)
    if file_format is None:
        name = "standard input" if flags.file == STDIN else f"the suffix of {path.name}"
        parser.error(f"{name} does not tell the format: give --format {{{','.join(Format)}}}")
    if flags.file == STDIN:
        if flags.loop:
            parser.error("--loop needs a file: standard input can be read only once")
        return Input(partial(FileIO, sys.stdin.fileno(), closefd=False), file_format, flags.source, None, loop=False)
    try:
        status = path.stat()
    except OSError as error:
        parser.error(f"{path}: {error.strerror}")
    size = status.st_size if stat.S_ISREG(status.st_mode) else None
    return Input(partial(FileIO, path), file_format, flags.source, size, loop=flags.loop)
