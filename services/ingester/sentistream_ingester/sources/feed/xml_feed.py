"""RSS and Atom, by feedparser, within bounds of its time and memory."""

import calendar
import io
from collections.abc import Mapping
from datetime import UTC, datetime
from time import struct_time
from typing import Any, Final
from xml.parsers import expat

import feedparser

from sentistream_core.dependency import describe_error
from sentistream_ingester.html_text import text_of
from sentistream_ingester.sources.feed.entry import Entry, FeedDocument, NoFeedError

_MOST_TAGS: Final = 200_000
"""A thousand entries have ten thousand."""
_MOST_MALFORMED_BYTES: Final = 250_000
"""Of XML that is not well-formed: it is read by regular expressions, which take hundreds of times its size."""
_PERIOD_SECONDS: Final = {"hourly": 3_600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000}
_HTML: Final = ("text/html", "application/xhtml+xml")


def read_xml_feed(body: bytes, content_type: str) -> FeedDocument:
    """What it says; addresses in it may be relative.

    Raises:
        NoFeedError: it is no feed, or one that it would cost too much to read.
    """
    _check(body)
    # Never as a string: feedparser would take it for an address or the name of a file.
    try:
        parsed: Any = feedparser.parse(
            io.BytesIO(body),
            response_headers={"content-type": content_type},  # and not the address, which would become part of guids
            sanitize_html=False,  # only its text is taken
            resolve_relative_uris=False,
        )
    except Exception as error:  # it promises nothing for what is no feed, and no feed may end the process
        raise NoFeedError(f"it cannot be read: {describe_error(error)}") from error
    if not parsed.get("version"):
        raise NoFeedError("it is neither RSS nor Atom")
    feed = parsed.feed
    publisher = str(feed.get("author") or feed.get("title") or "")
    lang = str(feed.get("language") or "")
    return FeedDocument([_entry(each, publisher, lang) for each in parsed.entries], _wait_seconds(feed))


def _check(body: bytes) -> None:
    """What expat finds in milliseconds: whether it is XML, and whether it declares entities, which no feed needs.

    Raises:
        NoFeedError: it would cost too much to read.
    """
    if body.count(b"<") > _MOST_TAGS:
        raise NoFeedError(f"more than {_MOST_TAGS:,} tags")
    parser = expat.ParserCreate()
    parser.EntityDeclHandler = _refuse_entities
    try:
        parser.Parse(body, True)  # noqa: FBT003 (it takes no keyword)
    except expat.ExpatError as error:
        if len(body) > _MOST_MALFORMED_BYTES:
            raise NoFeedError(f"more than {_MOST_MALFORMED_BYTES:,} bytes that are not well-formed: {error}") from error


def _refuse_entities(*_: object) -> None:
    raise NoFeedError("it declares entities")


def _entry(entry: Mapping[str, Any], publisher: str, lang: str) -> Entry:
    contents = [entry.get("summary_detail"), *entry.get("content", ())]
    return Entry(
        guid=str(entry.get("id") or ""),
        url=str(entry.get("link") or ""),
        title=_text(entry.get("title_detail")),
        text=next((text for text in map(_text, contents) if text), ""),
        author=str(entry.get("author") or publisher),
        published=_time(entry.get("published_parsed")) or _time(entry.get("updated_parsed")),
        lang=lang,
    )


def _text(detail: Mapping[str, Any] | None) -> str:
    if not detail:
        return ""
    value = str(detail.get("value") or "")
    return text_of(value) if detail.get("type") in _HTML else " ".join(value.split())


def _time(parsed: struct_time | None) -> datetime | None:
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed else None
    except (ValueError, OverflowError):
        return None


def _wait_seconds(feed: Mapping[str, Any]) -> float:
    """The larger of `ttl` (RSS, in minutes) and the period of RSS 1.0's module Syndication."""
    ttl = _number(feed.get("ttl")) * 60
    period = _PERIOD_SECONDS.get(str(feed.get("sy_updateperiod", "")).strip(), 0)
    return max(ttl, period / max(1.0, _number(feed.get("sy_updatefrequency"))))


def _number(value: object) -> float:
    text = str(value or "").strip()
    return float(text[:9]) if text.isascii() and text.isdigit() else 0.0
