"""The list of sources, and the only place that knows them."""

from collections.abc import Sequence
from typing import Any

from sentistream_ingester.source import SourceType
from sentistream_ingester.sources import bluesky, feed, mastodon, replay, simulate

SOURCES: Sequence[SourceType[Any]] = (
    simulate.SOURCE,
    replay.SOURCE,
    bluesky.SOURCE,
    mastodon.SOURCE,
    feed.SOURCE,
)
"""The first is what runs without a command."""
