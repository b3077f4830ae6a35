"""The command line of sentistream-ingester: a command for each source.

Each setting is also a flag, which takes precedence over the environment variable.
"""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import ValidationError

from sentistream_core.settings import EXIT_BAD_SETTINGS, explain, variable_name
from sentistream_ingester.settings import IngesterSettings
from sentistream_ingester.source import Source, SourceType, UsageError

S = TypeVar("S", bound=IngesterSettings)

_PROGRAM = "sentistream-ingester"
_PREFIX = "ingester_"


@dataclass(frozen=True, slots=True)
class Command:
    name: str
    """Name of the source."""
    settings: IngesterSettings
    source: Source


def parse(arguments: Sequence[str], types: Sequence[SourceType[Any]]) -> Command:
    """Read flags and environment. Without a command the first of the types is used.

    Raises:
        SystemExit: after --help (0), wrong usage (2), or an invalid setting (78), with a message.
    """
    default = types[0].name
    parser = argparse.ArgumentParser(
        _PROGRAM,
        usage=f"{_PROGRAM} [COMMAND] [FLAGS]",
        description=_overview(types),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", help=argparse.SUPPRESS)
    parsers = {each.name: _add_command(commands, each, is_default=each.name == default) for each in types}
    is_command = bool(arguments) and arguments[0] in {*parsers, "-h", "--help"}
    flags = parser.parse_args(arguments if is_command else [default, *arguments])
    chosen = next(each for each in types if each.name == flags.command)
    settings = _settings(chosen, flags, parsers[chosen.name])
    try:
        return Command(chosen.name, settings, chosen.open(settings, flags))
    except UsageError as error:
        parsers[chosen.name].error(str(error))


def _overview(types: Sequence[SourceType[Any]]) -> str:
    synopses = [_synopsis(each, is_default=number == 0) for number, each in enumerate(types)]
    width = max(map(len, synopses)) + 4
    commands = "\n".join(
        f"  {_PROGRAM} {synopsis:{width}}{each.summary}" for synopsis, each in zip(synopses, types, strict=True)
    )
    return f"""\
Writes posts to the stream social_posts_stream of Redis or Valkey.

{commands}

Each command has its own --help, with all flags and settings."""


def _synopsis(source_type: SourceType[Any], *, is_default: bool, flags: str = "") -> str:
    name = f"[{source_type.name}]" if is_default else source_type.name
    return " ".join(part for part in (name, flags, source_type.positional) if part)


def _add_command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", source_type: SourceType[S], *, is_default: bool
) -> argparse.ArgumentParser:
    parser = commands.add_parser(
        source_type.name,
        usage=f"{_PROGRAM} {_synopsis(source_type, is_default=is_default, flags='[FLAGS]')}",
        description=source_type.description,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    stream = parser.add_argument_group("the stream")
    service = parser.add_argument_group("the service")
    for field_name, field in source_type.settings.model_fields.items():
        default = "" if field.default is None or field.default_factory else f", default {field.default}"
        flag = _flag(field_name, source_type)
        (service if flag == _flag_of(field_name) else stream).add_argument(
            flag,
            dest=field_name,
            default=argparse.SUPPRESS,
            metavar="VALUE",
            help=f"{field.description} ({variable_name(field_name)}{default})".replace("%", "%%"),
        )
    source_type.add_arguments(parser)
    return parser


def _flag(field_name: str, source_type: SourceType[Any]) -> str:
    return _flag_of(field_name.removeprefix(_PREFIX).removeprefix(f"{source_type.name}_"))


def _flag_of(name: str) -> str:
    return "--" + name.replace("_", "-")


def _settings(source_type: SourceType[S], flags: argparse.Namespace, parser: argparse.ArgumentParser) -> S:
    given = {name: value for name, value in vars(flags).items() if name in source_type.settings.model_fields}
    try:
        return source_type.settings(**given)
    except ValidationError as error:
        message = explain(error, source_type.settings)
        parser.exit(EXIT_BAD_SETTINGS, _name_flags(message, given, source_type) + "\n")


def _name_flags(explanation: str, given: Mapping[str, str], source_type: SourceType[Any]) -> str:
    """Replace the names of variables by those of the flags that were given."""
    for name in given:
        explanation = explanation.replace(f"{variable_name(name)}:", f"{_flag(name, source_type)}:")
    return explanation
