"""The table of values in the chart's README, made from the comments in values.yaml.

`python tests/chart/values_table.py` writes it anew.
"""

import json
import re
from pathlib import Path

import yaml

CHART = Path(__file__).parents[2] / "charts/sentistream"
README = CHART / "README.md"
BEGIN, END = "<!-- values -->", "<!-- end of values -->"

_DESCRIPTION = re.compile(r"^\s*# -- (.*)$")
_KEY = re.compile(r"^(\s*)([A-Za-z]\w*):")


def described_values() -> dict[str, str]:
    """Path of each described value and its description, in the file's order."""
    found: dict[str, str] = {}
    path: list[tuple[int, str]] = []
    description = None
    for line in (CHART / "values.yaml").read_text().splitlines():
        if match := _DESCRIPTION.match(line):
            description = match[1]
        elif match := _KEY.match(line):
            indent = len(match[1])
            path = [part for part in path if part[0] < indent] + [(indent, match[2])]
            if description is not None:
                found[".".join(name for _, name in path)] = description
                description = None
    return found


def default_of(path: str) -> object:
    value = yaml.safe_load((CHART / "values.yaml").read_text())
    for name in path.split("."):
        value = value[name]
    return value


def table() -> str:
    rows = [
        f"| `{path}` | `{json.dumps(default_of(path))}` | {description} |"
        for path, description in described_values().items()
    ]
    return "\n".join([BEGIN, "| value | default | what it is |", "|---|---|---|", *rows, END])


def with_table(readme: str) -> str:
    return readme[: readme.index(BEGIN)] + table() + readme[readme.index(END) + len(END) :]


if __name__ == "__main__":
    README.write_text(with_table(README.read_text()))
