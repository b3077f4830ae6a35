"""The formats that can be replayed. Each turns lines into records: the fields of one post by name."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sentistream_ingester.source import Rejected
from sentistream_ingester.sources.replay.lines import Line

FIELDS = ("id", "content", "created_at", "author", "source", "lang", "url")


class Format(StrEnum):
    NDJSON = "ndjson"
    CSV = "csv"
    LINES = "lines"


_BY_SUFFIX = {
    ".ndjson": Format.NDJSON,
    ".jsonl": Format.NDJSON,
    ".json": Format.NDJSON,
    ".csv": Format.CSV,
    ".txt": Format.LINES,
    ".log": Format.LINES,
}


@dataclass(frozen=True, slots=True)
class Record:
    line: int
    """Where it begins."""
    fields: Mapping[str, str]
    """Those of `FIELDS` that are there and not empty."""


class UnusableFileError(Exception):
    """Nothing of the file can be replayed."""


def format_of(path: Path) -> Format | None:
    """The format that the suffix stands for, or None."""
    return _BY_SUFFIX.get(path.suffix.lower())


def read_records(lines: Iterable[Line], file_format: Format) -> Iterator[Record | Rejected]:
    """Records in the order of the lines; blank lines are no records.

    Raises:
        UnusableFileError: a CSV file without a `content` column.
    """
    return _READERS[file_format](lines)


def _ndjson(lines: Iterable[Line]) -> Iterator[Record | Rejected]:
    for line in lines:
        if line.text.strip():
            yield _json_record(line)


def _json_record(line: Line) -> Record | Rejected:
    try:
        value = json.loads(line.text)
    except (ValueError, RecursionError) as error:
        return _malformed(line.number, f"not valid JSON: {error}")
    if not isinstance(value, dict):
        return _malformed(line.number, f"one JSON object a line is expected, not {_json_type(value)}")
    fields: dict[str, str] = {}
    for name in FIELDS:
        field = value.get(name)
        if field is None or field == "":
            continue
        if not isinstance(field, str):
            return _malformed(line.number, f"{name} has to be a string, not {_json_type(field)}")
        fields[name] = field
    return Record(line.number, fields)


def _malformed(line: int, detail: str) -> Rejected:
    return Rejected(f"line {line}", "malformed", detail)


def _json_type(value: object) -> str:
    match value:
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "a string"
        case list():
            return "an array"
        case None:
            return "null"
        case _:
            return "an object"


def _csv(lines: Iterable[Line]) -> Iterator[Record | Rejected]:
    rows = csv.reader(line.text for line in lines)
    header = next(rows, [])
    if header and "content" not in header:
        raise UnusableFileError(f"the first line has to name the columns, with content among them; it has: {header}")
    while True:
        line = rows.line_num + 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield _malformed(line, f"not valid CSV: {error}")
            continue
        if not row:
            continue
        if len(row) != len(header):
            yield _malformed(line, f"{len(row)} columns, but the first line names {len(header)}")
            continue
        named = dict(zip(header, row, strict=True))
        yield Record(line, {name: named[name] for name in FIELDS if named.get(name)})


def _plain(lines: Iterable[Line]) -> Iterator[Record | Rejected]:
    for line in lines:
        content = line.text.strip()
        if content:
            yield Record(line.number, {"content": content})


_READERS: Mapping[Format, Callable[[Iterable[Line]], Iterator[Record | Rejected]]] = {
    Format.NDJSON: _ndjson,
    Format.CSV: _csv,
    Format.LINES: _plain,
}
