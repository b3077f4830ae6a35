"""The list of sources, and the only place that knows them."""

from collections.abc import Sequence
from typing import Any

from sentistream_ingester.source import SourceType
from sentistream_ingester.sources import bluesky, feed, replay, simulate

SOURCES: Sequence[SourceType[Any]] = (
    simulate.SOURCE,
    replay.SOURCE,
    bluesky.SOURCE,
    feed.SOURCE,
)
"""The first is what runs without a command."""
