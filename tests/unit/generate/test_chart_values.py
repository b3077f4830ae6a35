"""Comments in a chart's values.yaml become its README's table and its schema."""

import json

import pytest
from jsonschema import Draft7Validator

from generate.chart_schema import values_schema
from generate.chart_values import read, with_table

VALUES = """\
# How it is read: a "# -- ..." line describes a value.

# -- Pods
# @schema {minimum: 0}
replicas: 1
server:
  # -- Its image
  image: ""
  # -- How it writes
  # @schema {enum: [always, 'no']}
  sync: always
  # -- Requests and limits
  # @schema resources
  resources:
    limits: {cpu: "1"}
# @names {pattern: '^[a-z]+$'}
readers:
  # @schema {required: [source]}
  first:
    # -- What it reads
    source: file

# The rest:
# @root
# properties:
#   global: {type: object}
# $defs:
#   resources: {type: object, additionalProperties: {type: object}}
"""


def refused(values: object) -> list[str]:
    schema = json.loads(values_schema(read(VALUES)))
    Draft7Validator.check_schema(schema)
    return [error.message for error in Draft7Validator(schema).iter_errors(values)]


def test_the_defaults_fit() -> None:
    assert refused(read(VALUES).defaults) == []


@pytest.mark.parametrize(
    "values",
    [
        {"global": {"anything": 1}},
        {"replicas": 0},
        {"server": {"resources": {"requests": {}}}},
        {"readers": {"another": {"source": "feed"}}},
        {},
    ],
)
def test_what_fits_is_taken(values: object) -> None:
    assert refused(values) == []


@pytest.mark.parametrize(
    "values",
    [
        {"replica": 1},
        {"replicas": -1},
        {"replicas": 1.5},
        {"replicas": "1"},
        {"server": {"image": 1}},
        {"server": {"imag": ""}},
        {"server": {"sync": "never"}},
        {"server": {"resources": []}},
        {"readers": {"Another": {"source": "feed"}}},
        {"readers": {"another": {}}},
        {"readers": {"another": {"source": "feed", "sauce": ""}}},
    ],
)
def test_what_does_not_fit_is_refused(values: object) -> None:
    assert len(refused(values)) == 1


def test_the_table_has_every_value_in_the_files_order() -> None:
    readme = with_table("# Chart\n<!-- values -->\nold\n<!-- end of values -->\nThe end.\n", read(VALUES))
    assert readme.splitlines() == [
        "# Chart",
        "<!-- values -->",
        "| value | default | what it is |",
        "|---|---|---|",
        "| `replicas` | `1` | Pods |",
        '| `server.image` | `""` | Its image |',
        '| `server.sync` | `"always"` | How it writes |',
        '| `server.resources` | `{"limits": {"cpu": "1"}}` | Requests and limits |',
        '| `readers.first.source` | `"file"` | What it reads |',
        "<!-- end of values -->",
        "The end.",
    ]


@pytest.mark.parametrize(("values", "name"), [("a: 1\n", "a"), ("a: {}\n", "a"), ("a:\n  c: 1\n", "a.c")])
def test_a_value_without_a_description_is_named(values: str, name: str) -> None:
    with pytest.raises(ValueError, match=f"^{name} has no description"):
        values_schema(read(values))


@pytest.mark.parametrize("value", ["[]", "{}", "null"])
def test_a_value_whose_default_says_no_type_needs_one(value: str) -> None:
    with pytest.raises(ValueError, match="a needs a comment"):
        values_schema(read(f"# -- Something\na: {value}\n"))
