"""Entries of feeds: RSS, Atom and JSON Feed."""

from argparse import ArgumentParser, Namespace
from datetime import timedelta
from urllib.parse import urlsplit

from sentistream_ingester.languages import chosen_languages
from sentistream_ingester.source import SourceType, UsageError
from sentistream_ingester.sources.feed.settings import FeedSettings
from sentistream_ingester.sources.feed.source import Feeds

_DESCRIPTION = """\
Writes the entries of feeds (RSS, Atom, JSON Feed) to the stream until SIGTERM: title and summary of new ones, and of
those whose text has changed.

Each feed is asked every five minutes, or as seldom as it wants to be, and sends nothing where nothing has changed. An
entry keeps its id, that of its guid, however often it comes. Entries older than a week are left out.

Addresses in private networks are refused, also where a feed redirects to one, without --allow-private true.
Of several processes with the same feeds one asks for them, and the others stand by."""


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("urls", metavar="URL", nargs="+", help="a feed: https://news.example/feed.xml")


def _open(settings: FeedSettings, arguments: Namespace) -> Feeds:
    for url in arguments.urls:
        _check(url)
    return Feeds(
        arguments.urls,
        chosen_languages(settings),
        interval_seconds=settings.feed_interval_seconds,
        max_age=timedelta(days=settings.feed_max_age_days),
        allow_private=settings.feed_allow_private,
    )


def _check(url: str) -> None:
    try:
        parts = urlsplit(url)
        is_usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_usable = False
    if not is_usable:
        raise UsageError(f"{url} is no address of a feed: https://news.example/feed.xml is one")


SOURCE = SourceType(
    name="feed",
    summary="entries of RSS, Atom and JSON feeds",
    description=_DESCRIPTION,
    settings=FeedSettings,
    open=_open,
    positional="URL...",
    add_arguments=_add_arguments,
)
