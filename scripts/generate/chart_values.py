"""The chart's values as values.yaml describes them, and the table of them in the chart's README.

Comments above a value say what it is: `# -- ...` describes it, `# @schema ...` says what it may be (a type by its
name, or keywords of JSON Schema), and `# @names ...` what keys a map may have whose entries all look like the one that
is there. The comment lines after `# @root` are the rest of the schema, in YAML. A map without a description is only a
level of the file; every other value has one.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

Path = tuple[str, ...]

_BEGIN, _END = "<!-- values -->", "<!-- end of values -->"
_COMMENT = re.compile(r"^\s*# (?P<kind>--|@schema|@names) (?P<text>.*)$")
_KEY = re.compile(r"^(?P<indent>\s*)(?P<name>[A-Za-z]\w*):")
_ROOT = "# @root\n"


@dataclass(frozen=True, slots=True)
class Comments:
    """The comments above a value."""

    description: str | None = None
    schema: str | Mapping[str, Any] | None = None
    names: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Values:
    """values.yaml, read."""

    defaults: Mapping[str, Any]
    comments: Mapping[Path, Comments]
    root: Mapping[str, Any] = field(default_factory=dict)
    """The part of the schema that does not belong to a value."""

    def described(self) -> Iterator[tuple[Path, Any, Comments]]:
        """Every value that has a description: its path, default and comments, in the file's order."""
        for path, comments in self.comments.items():
            if comments.description is not None:
                yield path, self._default(path), comments

    def _default(self, path: Path) -> Any:  # noqa: ANN401 (a value may be anything)
        value: Any = self.defaults
        for name in path:
            value = value[name]
        return value


def read(text: str) -> Values:
    """Read values.yaml."""
    body, _, root = text.partition(_ROOT)
    comments: dict[Path, Comments] = {}
    levels: list[tuple[int, str]] = []
    above: dict[str, str] = {}
    for line in body.splitlines():
        if comment := _COMMENT.match(line):
            above[comment["kind"]] = comment["text"]
        elif key := _KEY.match(line):
            indent = len(key["indent"])
            levels = [level for level in levels if level[0] < indent] + [(indent, key["name"])]
            if above:
                comments[tuple(name for _, name in levels)] = _comments(above)
                above = {}
    fragment = "\n".join(line.removeprefix("#").removeprefix(" ") for line in root.splitlines())
    return Values(yaml.safe_load(body), comments, yaml.safe_load(fragment) or {})


def _comments(above: Mapping[str, str]) -> Comments:
    return Comments(
        above.get("--"), yaml.safe_load(above.get("@schema", "null")), yaml.safe_load(above.get("@names", "null"))
    )


def with_table(readme: str, values: Values) -> str:
    """The README with the table of the values."""
    rows = [
        f"| `{'.'.join(path)}` | `{json.dumps(default)}` | {comments.description} |"
        for path, default, comments in values.described()
    ]
    table = "\n".join([_BEGIN, "| value | default | what it is |", "|---|---|---|", *rows, _END])
    return readme[: readme.index(_BEGIN)] + table + readme[readme.index(_END) + len(_END) :]
