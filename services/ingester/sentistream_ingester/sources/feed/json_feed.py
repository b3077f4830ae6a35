"""JSON Feed (jsonfeed.org/version/1.1)."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sentistream_core.entry_fields import UnreadableEntryError, time_field
from sentistream_ingester.html_text import text_of
from sentistream_ingester.sources.feed.entry import Entry, FeedDocument, NoFeedError


def read_json_feed(body: bytes) -> FeedDocument:
    """Raises NoFeedError if it is none."""
    try:
        feed = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise NoFeedError(f"not valid JSON: {error}") from error
    if not isinstance(feed, dict) or not _string(feed, "version").startswith("https://jsonfeed.org/version/"):
        raise NoFeedError("JSON, and no JSON Feed")
    items = feed.get("items")
    if not isinstance(items, list):
        raise NoFeedError("a JSON Feed without items")
    publisher, lang = _author(feed) or _string(feed, "title"), _string(feed, "language")
    return FeedDocument([_entry(each, publisher, lang) for each in items if isinstance(each, dict)], 0.0)


def _entry(item: Mapping[str, Any], publisher: str, lang: str) -> Entry:
    words = (_string(item, "summary"), _string(item, "content_text"))
    return Entry(
        guid=_string(item, "id"),
        url=_string(item, "url") or _string(item, "external_url"),
        title=" ".join(_string(item, "title").split()),
        text=next((each for each in words if each.strip()), "") or text_of(_string(item, "content_html")),
        author=_author(item) or publisher,
        published=_time(item, "date_published") or _time(item, "date_modified"),
        lang=_string(item, "language") or lang,
    )


def _string(item: Mapping[str, Any], name: str) -> str:
    """What stands there if it is a string, or a number, which some write as id."""
    value = item.get(name)
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _author(item: Mapping[str, Any]) -> str:
    """The first of `authors`, or version 1.0's `author`."""
    authors = item.get("authors")
    first = authors[0] if isinstance(authors, list) and authors else item.get("author")
    return _string(first, "name") if isinstance(first, dict) else ""


def _time(item: Mapping[str, Any], name: str) -> datetime | None:
    try:
        return time_field(_string(item, name)[:100]).astimezone(UTC)
    except UnreadableEntryError:
        return None
