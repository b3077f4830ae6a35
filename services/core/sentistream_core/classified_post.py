"""A classified post and how it travels as an entry of `processed_posts_stream`."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sentistream_core.post import Post, encode_post
from sentistream_core.sentiment import Label, Sentiment


@dataclass(frozen=True, slots=True)
class ClassifiedPost:
    post: Post
    stream_id: str
    """Entry id in the posts stream; its first half is usually the time of writing in ms (see `time_of_entry`)."""
    sentiment: Sentiment
    model: str
    read_at: datetime
    classified_at: datetime


@dataclass(frozen=True, slots=True)
class ProcessedPost:
    """A classified post together with the time at which the database stored it."""

    classified: ClassifiedPost
    timestamp: datetime


_GAP_DIGITS: Final = 9
GAP_FIELD: Final = b"unpublished"
"""The only field of a gap entry: the number of stored posts that could not be published to the processed stream."""


def unpublished_posts(fields: Mapping[bytes, bytes]) -> int:
    """How many unpublished posts a gap entry reports; 0 for every other entry."""
    raw = fields.get(GAP_FIELD, b"")
    return int(raw) if raw.isdigit() and len(raw) <= _GAP_DIGITS else 0


_REMOVED_AT_ONCE: Final = 500
_REMOVED_FIELD: Final = "removed"
"""The only field of an entry that announces removed posts: their ids, separated by spaces."""


def encode_removed(ids: Sequence[UUID]) -> list[dict[str, str]]:
    """The fields of the entries that announce removed posts, up to 500 ids in each; an empty list for no ids."""
    parts = [ids[first : first + _REMOVED_AT_ONCE] for first in range(0, len(ids), _REMOVED_AT_ONCE)]
    return [{_REMOVED_FIELD: " ".join(map(str, part))} for part in parts]


def removed_posts(fields: Mapping[bytes, bytes]) -> list[UUID]:
    """The ids of the removed posts that an entry announces; empty for every other entry."""
    try:
        return [UUID(each.decode()) for each in fields.get(_REMOVED_FIELD.encode(), b"").split()]
    except ValueError:  # neither a worker nor upkeep wrote it
        return []


def encode_processed(processed: ProcessedPost) -> dict[str, str]:
    """The flat fields of an entry."""
    classified = processed.classified
    sentiment = classified.sentiment
    return {
        **encode_post(classified.post),
        "sentiment_label": sentiment.label.value,
        "sentiment_score": f"{sentiment.score:.6f}",
        # JSON by hand: a general encoder is too slow for every post. All digits: the label is derived from them.
        "scores": (
            f'{{"positive": {sentiment.positive!r}, "neutral": {sentiment.neutral!r}, '
            f'"negative": {sentiment.negative!r}}}'
        ),
        "model": classified.model,
        "timestamp": processed.timestamp.isoformat(),
        "stream_id": classified.stream_id,
        "read_at": classified.read_at.isoformat(),
        "classified_at": classified.classified_at.isoformat(),
    }


def decode_processed(entry_id: str, fields: Mapping[bytes, bytes]) -> ProcessedPost:
    """Decode what `encode_processed` wrote. The sentiment is that of `scores`; the label must agree with it.

    The post is not validated again: the worker that wrote the entry has done so.

    Raises:
        ValueError: no worker wrote the entry.
    """
    try:
        return ProcessedPost(
            classified=ClassifiedPost(
                post=_post(fields),
                stream_id=fields[b"stream_id"].decode(),
                sentiment=_sentiment(fields),
                model=fields[b"model"].decode(),
                read_at=datetime.fromisoformat(fields[b"read_at"].decode()),
                classified_at=datetime.fromisoformat(fields[b"classified_at"].decode()),
            ),
            timestamp=datetime.fromisoformat(fields[b"timestamp"].decode()),
        )
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ValueError(f"entry {entry_id} is no processed post: {error!r}") from error


def _post(fields: Mapping[bytes, bytes]) -> Post:
    """What `encode_post` wrote."""
    optional = {
        name: raw.decode()
        for name in ("author", "lang", "url", "revision", "traceparent")
        if (raw := fields.get(name.encode())) is not None
    }
    return Post(
        id=UUID(fields[b"id"].decode()),
        content=fields[b"content"].decode(),
        source=fields[b"source"].decode(),
        created_at=datetime.fromisoformat(fields[b"created_at"].decode()),
        **optional,
    )


def _sentiment(fields: Mapping[bytes, bytes]) -> Sentiment:
    scores = json.loads(fields[b"scores"])
    sentiment = Sentiment(**{label.value: float(scores[label.value]) for label in Label})
    if fields[b"sentiment_label"] != sentiment.label.value.encode():
        raise ValueError(f"the label does not agree with the scores, which say {sentiment.label}")
    return sentiment
