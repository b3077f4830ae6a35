"""The JSON Schema with which Helm validates a release's values, from the comments in the chart's values.yaml."""

import json
from collections.abc import Mapping
from typing import Any

from generate.chart_values import Comments, Path, Values

_TYPES = {bool: "boolean", int: "integer", float: "number", str: "string"}
_SAYS_THE_TYPE = {"type", "enum", "anyOf", "$ref"}

Schema = dict[str, Any]


def values_schema(values: Values) -> str:
    """A schema (draft 7, as Helm takes it) that refuses every key that values.yaml does not have.

    Raises:
        ValueError: a value has no description, or its default does not tell its type and no comment does.
    """
    root = dict(values.root)
    schema: Schema = {"$schema": "http://json-schema.org/draft-07/schema#", "title": "Values of the chart sentistream"}
    schema |= _level((), values.defaults, values.comments)
    schema["properties"] |= root.pop("properties", {})
    return json.dumps(schema | root, indent=2) + "\n"


def _level(path: Path, values: Mapping[str, Any], comments: Mapping[Path, Comments]) -> Schema:
    properties = {name: _value((*path, name), value, comments) for name, value in values.items()}
    own = comments.get(path, Comments())
    if own.names is not None:
        (each,) = properties.values()
        return {"type": "object", "propertyNames": own.names, "additionalProperties": each}
    keywords = own.schema if isinstance(own.schema, Mapping) else {}
    return {"type": "object", "additionalProperties": False, **keywords, "properties": properties}


def _value(path: Path, default: object, comments: Mapping[Path, Comments]) -> Schema:
    own = comments.get(path, Comments())
    if own.description is None:
        if not isinstance(default, Mapping) or not default:
            raise ValueError(f"{'.'.join(path)} has no description in values.yaml: a comment `# -- ...` above it")
        return _level(path, default, comments)
    return {"description": own.description, **_constraints(path, default, own)}


def _constraints(path: Path, default: object, own: Comments) -> Schema:
    if isinstance(own.schema, str):
        return {"$ref": f"#/$defs/{own.schema}"}
    keywords = dict(own.schema or {})
    if not keywords.keys() & _SAYS_THE_TYPE:
        if type(default) not in _TYPES:
            raise ValueError(
                f"{'.'.join(path)} needs a comment `# @schema ...` in values.yaml: its default says no type"
            )
        keywords = {"type": _TYPES[type(default)], **keywords}
    return keywords
