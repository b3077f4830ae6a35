"""What `sentistream check-source` says of entries."""

from datetime import UTC, datetime

import pytest

from sentistream_cli.conformance import Conformance, Severity
from sentistream_core.entry_fields import Operation

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
ID = "0197b2a4-6d1c-7c3e-9a55-0c2f6f3f0a11"
POST = {"id": ID, "content": "one", "source": "shop", "created_at": "2026-05-04T11:00:00Z"}
EDIT = {**POST, "op": "edit", "revision": "2"}


def rules(*entries: dict[str, str]) -> list[str]:
    """What is found in the last of the entries."""
    conformance = Conformance()
    for entry in entries:
        found = conformance.check({name.encode(): value.encode() for name, value in entry.items()}, now=NOW)
    return [each.rule for each in found]


@pytest.mark.parametrize(
    "entries",
    [
        (POST,),
        (POST, POST),
        ({**POST, "author": "ada", "lang": "pt-BR", "url": "https://shop.example/1"},),
        (POST, {**EDIT, "content": "two"}),
        (EDIT, POST),
        (EDIT, EDIT),
        ({"op": "delete", "id": ID}, POST),
        ({"op": "forget", "source": "shop", "author": "ada"},),
    ],
)
def test_of_what_keeps_the_contract_nothing_is_said(entries: tuple[dict[str, str], ...]) -> None:
    assert rules(*entries) == []


@pytest.mark.parametrize(
    ("entry", "rule"),
    [
        ({**POST, "content": " "}, "no_content"),
        ({**POST, "content": "x" * 10_001}, "content_too_long"),
        ({**POST, "id": "17"}, "invalid_id"),
        ({**POST, "created_at": "yesterday"}, "invalid_created_at"),
        ({**POST, "created_at": "2026-05-04T12:06:00Z"}, "created_ahead"),
        ({**POST, "op": "upsert"}, "invalid_operation"),
        ({"op": "delete"}, "missing_field"),
        ({"op": "edit", "content": "x", "id": ID}, "missing_field"),
        ({"op": "forget", "author": "ada"}, "missing_field"),
        ({**POST, "author": "x" * 1_001}, "field_too_long"),
        ({**POST, "created_at": "2026-05-04T11:00:00"}, "no_zone"),
        ({**POST, "text": "x"}, "unknown_field"),
        ({**POST, "lang": "english language"}, "lang"),
        ({**POST, "url": "at://did/post"}, "url"),
    ],
)
def test_what_breaks_it_is_named(entry: dict[str, str], rule: str) -> None:
    assert rules(entry) == [rule]


def test_errors_come_before_advice_and_both_are_counted() -> None:
    conformance = Conformance()
    for content in ("one", "two"):
        found = conformance.check({b"content": content.encode()}, now=NOW)
        assert [each.rule for each in found] == ["no_id", "no_source", "no_created_at"]
    found = conformance.check({b"content": b"x", b"created_at": b"9999-01-01T00:00:00Z"}, now=NOW)
    assert [each.severity for each in found] == [Severity.ERROR, Severity.ADVICE, Severity.ADVICE]
    assert (conformance.entries, conformance.errors, conformance.operations[Operation.CREATE]) == (3, 1, 3)


@pytest.mark.parametrize(
    ("entries", "rule"),
    [
        ((POST, {**POST, "content": "two"}), "changed_without_edit"),
        ((EDIT, {**EDIT, "revision": "10"}), "revision_goes_back"),
        ((EDIT, {**EDIT, "content": "two"}), "revision_repeated"),
    ],
)
def test_what_two_entries_of_one_id_contradict_is_named(entries: tuple[dict[str, str], ...], rule: str) -> None:
    assert rules(*entries) == [rule]
