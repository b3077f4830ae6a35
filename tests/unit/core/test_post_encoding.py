"""Posts in the stream: what is written can be read, and what is no post is refused with its reason."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentistream_core.change import AuthorRemoval, Change, Deletion, decode_change, encode_change
from sentistream_core.entry_fields import MAX_CONTENT_CHARACTERS, MAX_NAME_BYTES, UnreadableEntryError, UnreadableReason
from sentistream_core.identifiers import EntryIds
from sentistream_core.post import Post, decode_post, encode_post

ENTRY_ID = "1764000000000-7"
ID = b"0197b2a4-6d1c-7c3e-9a55-0c2f6f3f0a11"

texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1)
posts = st.builds(
    Post,
    id=st.uuids(),
    content=texts.filter(str.strip),
    source=texts,
    created_at=st.datetimes(timezones=st.just(UTC)),
    author=st.none() | texts,
    lang=st.none() | st.text("abcdefgh-", min_size=1, max_size=35),
    url=st.none() | texts,
    revision=st.none() | st.text("0123456789abcdef", min_size=1, max_size=100),
    traceparent=st.none() | texts,
)
changes = (
    posts
    | st.builds(Deletion, st.uuids())
    | st.builds(AuthorRemoval, source=texts, author=texts, created_at=st.datetimes(timezones=st.just(UTC)))
)


def as_bytes(fields: dict[str, str]) -> dict[bytes, bytes]:
    return {name.encode(): value.encode() for name, value in fields.items()}


@given(changes)
def test_a_change_reads_back_as_it_was_written(change: Change) -> None:
    assert decode_change(ENTRY_ID, as_bytes(encode_change(change))) == change


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({b"op": b"destroy", b"id": ID}, UnreadableReason.INVALID_OPERATION),
        ({b"op": b"delete"}, UnreadableReason.MISSING_FIELD),
        ({b"op": b"delete", b"id": b"12"}, UnreadableReason.INVALID_ID),
        ({b"op": b"forget", b"author": b"ada"}, UnreadableReason.MISSING_FIELD),
        ({b"op": b"forget", b"source": b"shop"}, UnreadableReason.MISSING_FIELD),
        ({b"op": b"edit", b"id": ID, b"content": b"x"}, UnreadableReason.MISSING_FIELD),
        ({b"op": b"edit", b"content": b"x", b"revision": b"2"}, UnreadableReason.INVALID_ID),
    ],
)
def test_what_is_no_change_is_refused_with_its_reason(fields: dict[bytes, bytes], reason: UnreadableReason) -> None:
    identified = EntryIds(secret=bytes(16), since_milliseconds=0).identified(ENTRY_ID, fields)
    with pytest.raises(UnreadableEntryError) as refused:
        decode_change(ENTRY_ID, identified)
    assert refused.value.reason == reason


@given(posts)
def test_a_post_reads_back_as_it_was_written(post: Post) -> None:
    assert decode_post(ENTRY_ID, as_bytes(encode_post(post))) == post


def test_id_and_content_alone_are_a_post() -> None:
    post = decode_post(ENTRY_ID, {b"id": ID, b"content": b"hello"})
    assert post.content == "hello"
    assert post.source == "unknown"
    assert post.created_at == datetime(2025, 11, 24, 16, 0, tzinfo=UTC)


def test_the_longest_fields_are_taken() -> None:
    longest = {
        b"id": ID,
        b"content": "🙂".encode() * MAX_CONTENT_CHARACTERS,
        b"source": b"x" * MAX_NAME_BYTES,
        b"url": b"x" * 4_000,
    }
    assert len(decode_post(ENTRY_ID, longest).content) == MAX_CONTENT_CHARACTERS


def test_unknown_fields_are_ignored() -> None:
    assert decode_post(ENTRY_ID, {b"id": ID, b"content": b"hello", b"\xff": b"\xff"}).content == "hello"


def test_a_time_without_zone_is_utc_and_any_zone_becomes_utc() -> None:
    def created_at(raw: bytes) -> datetime:
        return decode_post(ENTRY_ID, {b"id": ID, b"content": b"x", b"created_at": raw}).created_at

    assert created_at(b"2026-01-02T03:04:05") == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert created_at(b"2026-01-02T03:04:05+02:00") == datetime(2026, 1, 2, 1, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({}, UnreadableReason.NO_CONTENT),
        ({b"content": b""}, UnreadableReason.NO_CONTENT),
        ({b"content": b" \n\t"}, UnreadableReason.NO_CONTENT),
        ({b"content": b"\xff\xfe"}, UnreadableReason.INVALID_UTF8),
        ({b"content": b"a\0b"}, UnreadableReason.NUL_CHARACTER),
        ({b"content": b"x" * (MAX_CONTENT_CHARACTERS + 1)}, UnreadableReason.CONTENT_TOO_LONG),
        ({b"content": b"x" * 1_000_000}, UnreadableReason.CONTENT_TOO_LONG),
        ({b"content": "🙂".encode() * (MAX_CONTENT_CHARACTERS + 1)}, UnreadableReason.CONTENT_TOO_LONG),
        ({b"content": b"x", b"source": b"x" * (MAX_NAME_BYTES + 1)}, UnreadableReason.FIELD_TOO_LONG),
        ({b"content": b"x", b"author": "🙂".encode() * (MAX_NAME_BYTES // 4 + 1)}, UnreadableReason.FIELD_TOO_LONG),
        ({b"content": b"x", b"url": b"x" * 4_001}, UnreadableReason.FIELD_TOO_LONG),
        ({b"content": b"x", b"lang": b"x" * 101}, UnreadableReason.FIELD_TOO_LONG),
        ({b"content": b"x", b"id": b"1" * 101}, UnreadableReason.FIELD_TOO_LONG),
        ({b"content": b"x", b"created_at": b"1" * 101}, UnreadableReason.FIELD_TOO_LONG),
        ({b"content": b"x", b"id": b"12"}, UnreadableReason.INVALID_ID),
        ({b"content": b"x", b"id": b""}, UnreadableReason.INVALID_ID),
        ({b"content": b"x", b"created_at": b"yesterday"}, UnreadableReason.INVALID_CREATED_AT),
        ({b"content": b"x", b"created_at": b"0001-01-01T00:00:00+14:00"}, UnreadableReason.INVALID_CREATED_AT),
    ],
)
def test_what_is_no_post_is_refused_with_its_reason(fields: dict[bytes, bytes], reason: UnreadableReason) -> None:
    with pytest.raises(UnreadableEntryError) as refused:
        decode_post(ENTRY_ID, {b"id": ID, **fields})
    assert refused.value.reason == reason


@given(st.dictionaries(st.sampled_from([b"id", b"content", b"source", b"created_at", b"author"]), st.binary()))
def test_any_entry_is_a_post_or_refused(fields: dict[bytes, bytes]) -> None:
    refused: UnreadableEntryError | None = None
    try:
        post = decode_post(ENTRY_ID, fields)
    except UnreadableEntryError as error:
        refused = error
    assert refused.detail if refused else post.content.strip()


@given(st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1))
def test_whatever_its_id_an_entry_is_a_post_of_now_at_the_latest(milliseconds: int, sequence: int) -> None:
    post = decode_post(f"{milliseconds}-{sequence}", {b"id": ID, b"content": b"x"})
    assert post.created_at <= datetime.now(UTC)
