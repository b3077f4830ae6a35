"""Decodes the entries of a batch into posts, removals and dead letters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sentistream_core.broker.consumer_group import Entry
from sentistream_core.change import AuthorRemoval, Deletion, decode_change
from sentistream_core.dead_letter import DeadLetter
from sentistream_core.entry_fields import UnreadableEntryError
from sentistream_core.post import Post
from sentistream_worker.failure import FailureReason

_FIELDS_AT_MOST = 1_000


@dataclass(frozen=True, slots=True)
class Decoded:
    posts: Sequence[tuple[Entry, Post]]
    removals: Sequence[Deletion | AuthorRemoval]
    dead_letters: Sequence[DeadLetter]


def decode_entries(entries: Sequence[Entry], *, max_deliveries: int, now: datetime) -> Decoded:
    """Decode entries. Those that cannot be decoded or were delivered too often become dead letters."""
    posts: list[tuple[Entry, Post]] = []
    removals: list[Deletion | AuthorRemoval] = []
    dead_letters: list[DeadLetter] = []
    for entry in entries:
        if entry.deliveries > max_deliveries:
            detail = f"delivered {entry.deliveries} times and never finished: it may crash the process that tries it"
            dead_letters.append(as_dead_letter(entry, FailureReason.TOO_MANY_DELIVERIES, detail, now))
            continue
        try:
            change = decode_change(entry.id, entry.fields)
        except UnreadableEntryError as error:
            dead_letters.append(as_dead_letter(entry, error.reason, error.detail, now))
            continue
        if isinstance(change, Post):
            posts.append((entry, change))
        else:
            removals.append(change)
    return Decoded(posts, removals, dead_letters)


def as_dead_letter(entry: Entry, reason: str, detail: str, now: datetime) -> DeadLetter:
    """A dead letter with the entry's fields; at most the first 1,000, since a script cannot write very many."""
    return DeadLetter(
        fields=dict(islice(entry.fields.items(), _FIELDS_AT_MOST)),
        reason=reason,
        detail=detail,
        attempts=entry.deliveries,
        original_stream=entry.stream,
        original_id=entry.id,
        failed_at=now,
    )
