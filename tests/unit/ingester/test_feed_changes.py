"""From entries to posts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sentistream_core.post import Post
from sentistream_ingester.source import Rejected, Skipped
from sentistream_ingester.sources.feed.addresses import is_public
from sentistream_ingester.sources.feed.changes import Reading, Said
from sentistream_ingester.sources.feed.entry import Entry
from sentistream_ingester.sources.feed.state import FeedState, read_states, write_states

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
ENTRY = Entry("g1", "/1", "Weather", "Sunny", "Ada", NOW - timedelta(hours=1), "en")


def said(*entries: Entry, state: FeedState | None = None, url: str = "https://news.example/feed") -> list[Said]:
    return list(Reading(url, url, NOW, timedelta(days=7)).changes(entries, state or FeedState()))


def post(entry: Entry, url: str = "https://news.example/feed") -> Post:
    (found,) = said(entry, url=url)
    assert isinstance(found, Post), found
    return found


def test_a_post_has_title_and_text_and_an_absolute_address() -> None:
    made = post(ENTRY)
    assert (made.content, made.url, made.author, made.lang) == ("Weather\nSunny", "https://news.example/1", "Ada", "en")
    assert made.created_at == NOW - timedelta(hours=1)
    assert made.revision is None


@pytest.mark.parametrize(
    ("title", "text", "content"),
    [
        ("", "Sunny", "Sunny"),
        ("Weather", "", "Weather"),
        ("Sunny and w…", "Sunny and warm today", "Sunny and warm today"),
        ("x" * 9_999, "y" * 9_999, "x" * 9_999 + "\n"),
    ],
)
def test_content(title: str, text: str, content: str) -> None:
    assert post(replace(ENTRY, title=title, text=text)).content == content


def test_the_id_is_that_of_the_guid_within_its_host_whatever_else_changes() -> None:
    first = post(replace(ENTRY, guid="https://news.example/1"))
    for other in ("https://news.example/another-feed", "http://news.example:80/feed"):
        assert post(replace(ENTRY, guid="https://news.example/1", text="New", published=NOW), other).id == first.id
    assert post(replace(ENTRY, guid="https://news.example/1"), "https://evil.example/feed").id != first.id
    assert post(ENTRY).id != post(ENTRY, "https://news.example/another-feed").id, "1 in one feed is not 1 in another"


def test_without_a_guid_the_address_counts_and_without_that_the_words() -> None:
    bare = replace(ENTRY, guid="")
    assert post(bare).id == post(replace(bare, text="changed")).id
    nothing = replace(bare, url="")
    assert post(nothing).id == post(replace(nothing, author="x")).id
    assert post(nothing).id != post(replace(nothing, title="Other")).id
    assert post(replace(nothing, title="")).id != post(replace(nothing, title="", text="Other")).id


def test_an_entry_is_told_once_and_its_change_as_an_edit() -> None:
    state = FeedState()
    assert len(said(ENTRY, ENTRY, state=state)) == 1
    state = read_states(write_states({"x": state}))["x"]
    assert said(ENTRY, state=state) == []
    (edit,) = said(replace(ENTRY, text="Rain"), state=state)
    assert isinstance(edit, Post)
    assert edit.revision == "2026-05-04T12:00:00.000000+00:00"


@pytest.mark.parametrize(
    "cursor", [None, "", "no json", "[]", '{"x": 1}', '{"x": {"etag": ""}}', '{"x": {"seen": ["a"]}}']
)
def test_a_cursor_that_is_none_means_to_begin_anew(cursor: str | None) -> None:
    assert read_states(cursor) == {}


def test_what_is_not_wanted_or_does_not_fit_is_told_once() -> None:
    state = FeedState()
    entries = (
        replace(ENTRY, guid="old", published=NOW - timedelta(days=8)),
        replace(ENTRY, guid="empty", title="", text=""),
        replace(ENTRY, guid="nul", text="a\0b"),
        replace(ENTRY, guid="surrogate", text="\ud83d"),
    )
    surrogate, nul, empty, old = said(*entries, state=state)
    assert (old, empty) == (Skipped("too_old"), Skipped("empty"))
    assert isinstance(nul, Rejected)
    assert isinstance(surrogate, Rejected)
    assert said(*entries, state=state) == []


def test_a_time_ahead_is_now_and_a_missing_one_too() -> None:
    assert post(replace(ENTRY, published=NOW + timedelta(days=1))).created_at == NOW
    assert post(replace(ENTRY, published=None)).created_at == NOW


def test_of_a_feed_that_is_too_long_the_first_thousand_are_taken() -> None:
    found = said(*(replace(ENTRY, guid=str(number)) for number in range(1_003)))
    assert found.count(Skipped("too_many")) == 3
    assert len(found) == 1_003


@pytest.mark.parametrize(
    ("url", "absolute"),
    [
        ("javascript:alert(1)", None),
        ("", None),
        ("http://[", None),
        ("x" * 3_000, None),
        ("//cdn.example/ä b", "https://cdn.example/%C3%A4%20b"),
        ("https://a.example/?q=%20&r#s", "https://a.example/?q=%20&r#s"),
    ],
)
def test_addresses_that_lead_nowhere_are_left_out(url: str, absolute: str | None) -> None:
    assert post(replace(ENTRY, url=url)).url == absolute


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("93.184.216.34", True),
        ("2606:4700::1111", True),
        ("127.0.0.1", False),
        ("10.0.0.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 (no address to listen on)
        ("224.0.0.1", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:93.184.216.34", True),
        ("64:ff9b::a00:1", False),
        ("64:ff9b::5db8:d822", True),
        ("2002:a00:1::", False),
    ],
)
def test_only_the_internet_is_public(address: str, *, expected: bool) -> None:
    assert is_public(address) is expected
