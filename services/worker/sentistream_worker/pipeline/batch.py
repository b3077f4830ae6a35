"""What travels through the stages."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sentistream_core.broker.consumer_group import Entry
from sentistream_core.classified_post import ClassifiedPost
from sentistream_core.dead_letter import DeadLetter


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Entries in work. Each one ends as a stored post or as a dead letter, and is acknowledged then.

    New posts among them have an `id`, which is the same at every delivery.
    """

    entries: Sequence[Entry]
    read_at: datetime
    finished: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(frozen=True, slots=True, eq=False)
class ClassifiedBatch:
    batch: Batch
    posts: Sequence[ClassifiedPost]
    dead_letters: Sequence[DeadLetter]
