"""From a feed's bytes to entries."""

from datetime import UTC, datetime

import pytest

from sentistream_ingester.sources.feed.entry import NoFeedError
from sentistream_ingester.sources.feed.json_feed import read_json_feed
from sentistream_ingester.sources.feed.xml_feed import read_xml_feed
from support.feed_server import atom, item, json_feed, rss

MAY = datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)


def test_an_entry_of_rss() -> None:
    body = rss(item("g1", "<p>Sunny &amp; <b>warm</b></p>", title="Weather", published=MAY), channel="<ttl>60</ttl>")
    document = read_xml_feed(body, "")
    (entry,) = document.entries
    assert (entry.guid, entry.title, entry.text) == ("g1", "Weather", "Sunny & warm")
    assert (entry.author, entry.lang, entry.published) == ("The News", "en-gb", MAY)
    assert document.wait_seconds == 3_600


def test_an_entry_of_atom() -> None:
    body = atom(
        "<entry><id>tag:a.example,2026:1</id><title type='html'>Hi &amp;amp; bye</title>"
        "<link href='https://a.example/1'/><updated>2026-05-04T03:02:01Z</updated><author><name>Bob</name></author>"
        "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>One</p><p>two</p></div></content></entry>"
    )
    (entry,) = read_xml_feed(body, "application/atom+xml").entries
    assert (entry.guid, entry.url, entry.title) == ("tag:a.example,2026:1", "https://a.example/1", "Hi & bye")
    assert (entry.text, entry.author, entry.published) == ("One\ntwo", "Bob", MAY)


def test_a_summary_goes_before_the_whole_article() -> None:
    body = rss(item("g", "In short", more="<content:encoded>&lt;p&gt;At length&lt;/p&gt;</content:encoded>"))
    assert read_xml_feed(body, "").entries[0].text == "In short"


def test_an_entry_of_json_feed() -> None:
    body = json_feed(
        {
            "id": 7,
            "url": "https://a.example/7",
            "content_html": "<p>One<br>two</p>",
            "date_published": "2026-05-04T05:02:01+02:00",
            "authors": [{"name": "Bob"}],
            "language": "de",
        },
        {"id": "8", "title": "Only a title", "date_published": "yesterday", "authors": "nobody"},
    )
    entry, second = read_json_feed(body).entries
    assert (entry.guid, entry.url, entry.text) == ("7", "https://a.example/7", "One\ntwo")
    assert (entry.author, entry.lang, entry.published) == ("Bob", "de", MAY)
    assert (second.title, second.text, second.author, second.published) == ("Only a title", "", "Notes", None)


@pytest.mark.parametrize("encoding", ["windows-1252", "utf-16", "iso-8859-1"])
def test_other_encodings(encoding: str) -> None:
    body = rss(item("g", "Käse")).decode().replace('encoding="utf-8"', f'encoding="{encoding}"').encode(encoding)
    assert read_xml_feed(body, "").entries[0].text == "Käse"


def test_entities_are_refused_and_files_are_not_read() -> None:
    bomb = b'<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss version="2.0"><channel/></rss>'
    file = b'<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel/></rss>'
    for body in (bomb, file):
        with pytest.raises(NoFeedError, match="declares entities"):
            read_xml_feed(body, "")
    with pytest.raises(NoFeedError, match="neither RSS nor Atom"):
        read_xml_feed(b"/etc/passwd", "")


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"<a>" * 200_001, "more than 200,000 tags"),
        (rss(item("g", "x" * 250_000))[:-20], "not well-formed"),
        (b"<html><body>hello</body></html>", "neither RSS nor Atom"),
        (b"\0\xff\xfe<", "neither RSS nor Atom"),
    ],
    ids=["tags", "malformed", "a page", "bytes"],
)
def test_what_is_no_feed_or_costs_too_much_is_refused(body: bytes, why: str) -> None:
    with pytest.raises(NoFeedError, match=why):
        read_xml_feed(body, "text/html")


@pytest.mark.parametrize(
    "body", [b"{}", b"[]", b"{", b"\xff", b'{"version":"https://jsonfeed.org/version/1","items":1}']
)
def test_what_is_no_json_feed_is_refused(body: bytes) -> None:
    with pytest.raises(NoFeedError):
        read_json_feed(body)
