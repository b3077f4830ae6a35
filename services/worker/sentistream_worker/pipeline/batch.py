"""The batches that pass through the stages."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sentistream_core.broker.consumer_group import Consumer, Entry
from sentistream_core.change import AuthorRemoval, Deletion
from sentistream_core.classified_post import ClassifiedPost
from sentistream_core.dead_letter import DeadLetter


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Entries of one partition that are being processed.

    The entry of a new post has an `id`, which is the same at every delivery.
    """

    consumer: Consumer
    """The consumer that the entries are pending for."""
    entries: Sequence[Entry]
    read_at: datetime
    finished: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(frozen=True, slots=True, eq=False)
class ClassifiedBatch:
    batch: Batch
    posts: Sequence[ClassifiedPost]
    removals: Sequence[Deletion | AuthorRemoval]
    dead_letters: Sequence[DeadLetter]
