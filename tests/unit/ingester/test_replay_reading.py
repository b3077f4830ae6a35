"""From the bytes of a file to posts and rejected lines."""

from datetime import UTC, datetime
from io import BytesIO
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentistream_core.post import Post
from sentistream_ingester.source import Rejected
from sentistream_ingester.sources.replay.formats import Format, Record, UnusableFileError, read_records
from sentistream_ingester.sources.replay.lines import BLOCK_BYTES, MAX_LINE_BYTES, LineReader
from sentistream_ingester.sources.replay.posts import post_of

ID = "0190b5a2-0000-7000-8000-000000000001"


def lines_of(data: bytes) -> list[str]:
    return [line.text for line in LineReader(BytesIO(data), before_read=lambda: None)]


def read(data: bytes, file_format: Format, *, round_number: int = 0) -> list[Post | Rejected]:
    return [
        item if isinstance(item, Rejected) else post_of(item, source="file", round_number=round_number)
        for item in read_records(LineReader(BytesIO(data), before_read=lambda: None), file_format)
    ]


def contents(items: list[Post | Rejected]) -> list[str]:
    return [item.content for item in items if isinstance(item, Post)]


def rejected(items: list[Post | Rejected]) -> dict[str, str]:
    return {item.record: item.detail for item in items if isinstance(item, Rejected)}


class Trickle(BytesIO):
    """Returns a few bytes at a time, like a pipe."""

    def read(self, _size: int | None = -1, /) -> bytes:
        return super().read(3)


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n\ufeff"), max_size=20), max_size=20))
def test_lines_come_out_as_they_went_in(texts: list[str]) -> None:
    data = "".join(text + "\n" for text in texts).encode()
    assert lines_of(data) == [text + "\n" for text in texts]
    assert [line.text for line in LineReader(Trickle(data), before_read=lambda: None)] == lines_of(data)


def test_a_line_may_span_reads_and_end_without_a_line_end() -> None:
    assert lines_of(b"a" * (BLOCK_BYTES + 5) + b"\nrest") == ["a" * (BLOCK_BYTES + 5) + "\n", "rest"]


def test_an_endless_line_does_not_fill_the_memory_and_is_rejected() -> None:
    data = b"x" * (3 * MAX_LINE_BYTES) + b"\nshort\n"
    assert max(map(len, lines_of(data))) <= MAX_LINE_BYTES + BLOCK_BYTES
    items = read(data, Format.LINES)
    assert contents(items) == ["short"]
    assert list(rejected(items)) == ["line 1"]


def test_everything_that_is_there_is_handed_over_before_a_read_that_may_block() -> None:
    seen: list[str] = []
    seen_before_read: list[list[str]] = []
    reader = LineReader(Trickle(b"a\nb\nc\n"), before_read=lambda: seen_before_read.append(seen.copy()))
    seen.extend(line.text for line in reader)
    assert seen_before_read == [[], ["a\n"], ["a\n", "b\n", "c\n"]]


def test_ndjson() -> None:
    full_line = (
        b'{"content": "full", "id": "%s", "created_at": "2024-05-01T10:00:00+02:00", "author": "ann", "lang": "en",'
        b' "source": "mastodon", "url": "https://a.example/1", "likes": 7}' % ID.encode()
    )
    data = full_line + b'\n\n{"content": "short", "author": null}\n'
    full, short = read(data, Format.NDJSON)
    assert full == Post(
        id=UUID(ID),
        content="full",
        source="mastodon",
        created_at=datetime(2024, 5, 1, 8, tzinfo=UTC),
        author="ann",
        lang="en",
        url="https://a.example/1",
    )
    assert isinstance(short, Post)
    assert (short.content, short.source, short.author, short.id.version) == ("short", "file", None, 7)


@pytest.mark.parametrize(
    ("line", "detail"),
    [
        (b"not json", "not valid JSON"),
        (b"[1]", "not an array"),
        (b'"text"', "not a string"),
        (b"[" * 100_000, "not valid JSON"),
        (b'{"content": 5}', "content has to be a string, not a number"),
        (b'{"text": "x"}', "content is missing"),
        (b'{"content": "  "}', "content is missing or blank"),
        (b'{"content": "x", "id": "12"}', "id '12' is not a UUID"),
        (b'{"content": "x", "created_at": "yesterday"}', "not an RFC 3339 time"),
        (b'{"content": "a\\u0000b"}', "NUL"),
        (b'{"content": "\\ud83d"}', "not UTF-8"),
        (b'{"content": "caf\xe9"}', "not UTF-8"),
        (b'{"content": "' + b"x" * 20_000 + b'"}', "at most 10000 characters"),
    ],
)
def test_a_bad_line_says_what_is_wrong_and_costs_only_itself(line: bytes, detail: str) -> None:
    items = read(b'{"content": "before"}\n' + line + b'\n{"content": "after"}\n', Format.NDJSON)
    assert contents(items) == ["before", "after"]
    assert detail in rejected(items)["line 2"]


def test_a_fault_has_one_of_a_few_words_for_metrics() -> None:
    items = read(b'[1]\n{"content": ""}\n{"content": "x", "id": "12"}\n', Format.NDJSON)
    assert [item.reason for item in items if isinstance(item, Rejected)] == ["malformed", "no_content", "invalid_id"]


def test_csv() -> None:
    data = b"\r\n".join(
        [b"\xef\xbb\xbflikes,content,author", b'1,"two\nlines, ""quoted""",ann', b"2,short", b"", b"3,last,", b""]
    )
    items = read(data, Format.CSV)
    assert contents(items) == ['two\nlines, "quoted"', "last"]
    assert rejected(items) == {"line 4": "2 columns, but the first line names 3"}


def test_a_csv_file_without_a_content_column_cannot_be_used() -> None:
    with pytest.raises(UnusableFileError, match=r"content.*id.*text"):
        read(b"id,text\n1,hello\n", Format.CSV)


@pytest.mark.parametrize("file_format", Format)
def test_an_empty_file_holds_nothing(file_format: Format) -> None:
    assert read(b"", file_format) == []


def test_plain_lines_skip_blank_ones() -> None:
    assert contents(read(b" one \r\n\n\t\ntwo", Format.LINES)) == ["one", "two"]


def test_ids_of_the_file_change_with_the_round_and_only_with_it() -> None:
    record = Record(1, {"content": "x", "id": ID})

    def id_in(round_number: int) -> UUID:
        post = post_of(record, source="file", round_number=round_number)
        assert isinstance(post, Post)
        return post.id

    assert id_in(0) == UUID(ID)
    assert id_in(1) == id_in(1) == uuid5(UUID(ID), "round 1")
    assert len({id_in(number) for number in range(10)}) == 10


@given(st.binary(max_size=300), st.sampled_from([Format.NDJSON, Format.LINES]))
def test_no_bytes_break_the_reader(data: bytes, file_format: Format) -> None:
    read(data, file_format)
