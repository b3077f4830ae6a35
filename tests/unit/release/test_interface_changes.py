"""What a client of the API notices, in both directions, and what it need not notice."""

from typing import Any

import pytest

from release.interface_changes import Changes, interface_changes

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
OBJECT: Schema = {"type": "object", "properties": {"id": TEXT, "note": TEXT}, "required": ["id"]}


def document(*, body: Schema = OBJECT, answer: Schema = OBJECT, status: str = "200", **more: Schema) -> Schema:
    """One route, and the schemas that it refers to."""
    operation = {
        "parameters": [{"in": "query", "name": "limit", "schema": {"type": "integer", "maximum": 100}}],
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {
            status: {"content": {"application/json": {"schema": answer}}},
            "400": {"content": {"application/problem+json": {"schema": TEXT}}},
        },
        **more.pop("operation", {}),
    }
    return {"paths": {"/x": {"post": operation}}, "components": {"schemas": more}}


def changes(**after: Any) -> Changes:  # noqa: ANN401 (arguments of document)
    return interface_changes(document(), document(**after))


def test_what_is_only_said_in_other_words_is_no_change() -> None:
    assert changes(answer={"$ref": "#/components/schemas/Out"}, Out={**OBJECT, "description": "new"}) == Changes()
    operation = {"responses": {"200": {"content": {"application/json": {"schema": OBJECT}}}}}
    assert changes(operation=operation) == Changes()  # an error answer less


def test_the_name_of_a_schema_in_a_union_is_no_part_of_the_interface() -> None:
    def union(title: str) -> Schema:
        return document(body={"anyOf": [OBJECT, {"type": "object", "title": title, "required": ["posts"]}]})

    assert interface_changes(union("Posts"), union("PostBatch")) == Changes()


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ({"answer": {**OBJECT, "properties": {"id": TEXT}}}, "POST /x: answer 200.note is gone"),
        ({"answer": {**OBJECT, "required": []}}, "POST /x: answer 200.id may now be missing"),
        (
            {"answer": {**OBJECT, "properties": {"id": {"type": "integer"}, "note": TEXT}}},
            "POST /x: answer 200.id: string becomes integer",
        ),
        (
            {"answer": {**OBJECT, "properties": {"id": {"anyOf": [TEXT, {"type": "null"}]}, "note": TEXT}}},
            "POST /x: answer 200.id: string becomes string or null",
        ),
        ({"status": "202"}, "POST /x: answer 200 is gone"),
        ({"body": {**OBJECT, "required": ["id", "note"]}}, "POST /x: body.note is now required"),
        ({"body": {**OBJECT, "properties": {"id": TEXT}}}, "POST /x: body.note is gone"),
        (
            {"body": {**OBJECT, "properties": {"id": {**TEXT, "maxLength": 5}, "note": TEXT}}},
            "POST /x: body.id: maxLength is now 5",
        ),
        ({"operation": {"parameters": []}}, "POST /x: parameter query limit is gone"),
        (
            {"operation": {"parameters": [{"in": "query", "name": "limit", "schema": TEXT}]}},
            "POST /x: parameter query limit: integer becomes string",
        ),
    ],
)
def test_what_a_client_relies_on_is_breaking(after: dict[str, Any], expected: str) -> None:
    assert changes(**after) == Changes(breaking=[expected])


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ({"answer": {**OBJECT, "properties": {**OBJECT["properties"], "url": TEXT}}}, "POST /x: answer 200.url is new"),
        ({"body": {**OBJECT, "properties": {**OBJECT["properties"], "url": TEXT}}}, "POST /x: body.url is new"),
        (
            {"body": {**OBJECT, "properties": {"id": {"anyOf": [TEXT, {"type": "null"}]}, "note": TEXT}}},
            "POST /x: body.id may be null",
        ),
    ],
)
def test_what_a_client_may_ignore_is_an_addition(after: dict[str, Any], expected: str) -> None:
    assert changes(**after) == Changes(added=[expected])


def frame(kind: str) -> Schema:
    return {"type": "object", "properties": {"type": {"const": kind, "type": "string"}}, "required": ["type"]}


def test_frames_may_be_added_and_not_removed() -> None:
    def frames(*kinds: str) -> Schema:
        return document(answer={"oneOf": [frame(kind) for kind in kinds]}, status="101")

    more = interface_changes(frames("hello", "update"), frames("hello", "update", "removed"))
    assert more == Changes(added=["POST /x: answer 101 may be object removed"])
    less = interface_changes(frames("hello", "update"), frames("hello"))
    assert less == Changes(breaking=["POST /x: answer 101: object hello or object update becomes object hello"])


def test_schemas_that_contain_themselves_are_compared_once() -> None:
    def tree(leaf: Schema) -> Schema:
        node = {"type": "object", "properties": {"leaf": leaf, "next": {"$ref": "#/components/schemas/Node"}}}
        return document(answer={"$ref": "#/components/schemas/Node"}, Node=node)

    found = interface_changes(tree(TEXT), tree({"type": "boolean"}))
    assert found == Changes(breaking=["POST /x: answer 200.leaf: string becomes boolean"])
