"""How an OpenAPI document differs from an earlier one, as far as a client can notice.

Parameters, bodies and successful answers are compared; descriptions, examples and error answers are not. The frames
of the WebSocket are the answer 101 of its route, so they are compared like any other answer.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final, TypeAlias

Schema: TypeAlias = Mapping[str, Any]

_ERRORS: Final = 400
_UPPER: Final = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")
_LOWER: Final = ("minimum", "exclusiveMinimum", "minLength", "minItems")


@dataclass(slots=True)
class Changes:
    breaking: list[str] = field(default_factory=list)
    """What a client may rely on and does not find any more."""
    added: list[str] = field(default_factory=list)
    """What a client may ignore."""


class _Way(Enum):
    REQUEST = "request"
    ANSWER = "answer"


def interface_changes(before: Schema, after: Schema) -> Changes:
    """Takes two OpenAPI 3.1 documents."""
    comparison = _Comparison(before, after)
    comparison.compare_operations()
    return comparison.changes


class _Comparison:
    def __init__(self, before: Schema, after: Schema) -> None:
        self._before = before
        self._after = after
        self._seen: set[tuple[str, str, _Way]] = set()
        self.changes = Changes()

    def compare_operations(self) -> None:
        before, after = dict(_operations(self._before)), dict(_operations(self._after))
        self.changes.breaking += [f"{name} is gone" for name in before if name not in after]
        self.changes.added += [f"{name} is new" for name in after if name not in before]
        for name in sorted(before.keys() & after.keys()):
            self._parameters(name, before[name], after[name])
            self._body(name, before[name].get("requestBody", {}), after[name].get("requestBody", {}))
            self._answers(name, before[name]["responses"], after[name]["responses"])

    def _parameters(self, operation: str, before: Schema, after: Schema) -> None:
        old, new = _parameters(before), _parameters(after)
        for name in old | new:
            where = f"{operation}: parameter {name}"
            if name not in new:
                self.changes.breaking.append(f"{where} is gone")
                continue
            self._required(where, is_new=name not in old, was=old.get(name, {}), now=new[name])
            if name in old:
                self._compare(where, old[name]["schema"], new[name]["schema"], _Way.REQUEST)

    def _body(self, operation: str, before: Schema, after: Schema) -> None:
        where = f"{operation}: body"
        if after:
            self._required(where, is_new=not before, was=before, now=after)
        self._contents(where, before, after, _Way.REQUEST)

    def _required(self, where: str, *, is_new: bool, was: Schema, now: Schema) -> None:
        if now.get("required") and not was.get("required"):
            self.changes.breaking.append(f"{where} is now required")
        elif is_new:
            self.changes.added.append(f"{where} is new")

    def _answers(self, operation: str, before: Schema, after: Schema) -> None:
        for status, answer in before.items():
            if int(status) < _ERRORS:
                where = f"{operation}: answer {status}"
                if status in after:
                    self._contents(where, answer, after[status], _Way.ANSWER)
                else:
                    self.changes.breaking.append(f"{where} is gone")

    def _contents(self, where: str, before: Schema, after: Schema, way: _Way) -> None:
        old, new = before.get("content", {}), after.get("content", {})
        for media_type in old:
            if media_type not in new:
                self.changes.breaking.append(f"{where} is no longer {media_type}")
            else:
                self._compare(where, old[media_type].get("schema", {}), new[media_type].get("schema", {}), way)

    def _compare(self, where: str, old: Schema, new: Schema, way: _Way) -> None:
        names = (old.get("$ref", ""), new.get("$ref", ""), way)
        if all(names):
            if names in self._seen:
                return
            self._seen.add(names)
        before, after = _variants(self._before, old), _variants(self._after, new)
        gone, more = before.keys() - after.keys(), after.keys() - before.keys()
        if way is _Way.ANSWER:
            gone -= {"null"}
        unknown = way is _Way.ANSWER and any(not kind.startswith("object") for kind in more)
        if gone or unknown:
            self.changes.breaking.append(f"{where}: {' or '.join(before)} becomes {' or '.join(after)}")
        elif more:
            self.changes.added.append(f"{where} may be {' or '.join(sorted(more))}")
        for kind in sorted(before.keys() & after.keys()):
            self._compare_plain(where, before[kind], after[kind], way)

    def _compare_plain(self, where: str, old: Schema, new: Schema, way: _Way) -> None:
        """Both are of one type."""
        self._compare_values(where, old, new, way)
        self._compare_properties(where, old, new, way)
        for name, place in (("items", "[]"), ("additionalProperties", ".*")):
            if isinstance(old.get(name), Mapping) and isinstance(new.get(name), Mapping):
                self._compare(where + place, old[name], new[name], way)

    def _compare_values(self, where: str, old: Schema, new: Schema, way: _Way) -> None:
        was, now = _values(old), _values(new)
        if way is _Way.ANSWER:
            if now - was and was:
                self.changes.added.append(f"{where} may be {', '.join(sorted(now - was))}")
            return
        if now and (was - now or not was):
            self.changes.breaking.append(f"{where} may no longer be {', '.join(sorted(was - now)) or 'anything'}")
        for name in (*_UPPER, *_LOWER):
            if name in new and (
                name not in old or (new[name] != old[name] and (new[name] < old[name]) == (name in _UPPER))
            ):
                self.changes.breaking.append(f"{where}: {name} is now {new[name]}")
        if "pattern" in new and new["pattern"] != old.get("pattern"):
            self.changes.breaking.append(f"{where}: pattern is now {new['pattern']}")

    def _compare_properties(self, where: str, old: Schema, new: Schema, way: _Way) -> None:
        before, after = old.get("properties", {}), new.get("properties", {})
        was, now = set(old.get("required", ())), set(new.get("required", ()))
        for name in before | after:
            place = f"{where}.{name}"
            if name not in after:
                self.changes.breaking.append(f"{place} is gone")
            elif way is _Way.REQUEST and name in now - was:
                self.changes.breaking.append(f"{place} is now required")
            elif way is _Way.ANSWER and name in was - now:
                self.changes.breaking.append(f"{place} may now be missing")
            elif name not in before:
                self.changes.added.append(f"{place} is new")
            if name in before and name in after:
                self._compare(place, before[name], after[name], way)


def _operations(document: Schema) -> Iterator[tuple[str, Schema]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def _parameters(operation: Schema) -> dict[str, Schema]:
    return {f"{each['in']} {each['name']}": each for each in operation.get("parameters", ())}


def _resolved(document: Schema, schema: Schema) -> Schema:
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def _variants(document: Schema, schema: Schema) -> dict[str, Schema]:
    """The types that a value may have, by their names: one, or those of a union."""
    schema = _resolved(document, schema)
    union = schema.get("anyOf") or schema.get("oneOf")
    if not union:
        return {_kind(schema): schema}
    found: dict[str, Schema] = {}
    for each in union:
        for kind, variant in _variants(document, each).items():
            found[kind if kind not in found else f"{kind} with {', '.join(variant.get('required', ()))}"] = variant
    return found


def _kind(schema: Schema) -> str:
    """Type and format; of a frame, or another object that says in `type` what it is, that as well."""
    kind = str(schema.get("type", "anything"))
    detail = schema.get("format") or schema.get("properties", {}).get("type", {}).get("const")
    return f"{kind} {detail}" if detail else kind


def _values(schema: Schema) -> set[str]:
    return {str(value) for value in schema.get("enum", [schema["const"]] if "const" in schema else ())}
