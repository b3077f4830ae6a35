"""A classified post and how it travels as an entry of `processed_posts_stream`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sentistream_core.post import Post, decode_post, encode_post
from sentistream_core.sentiment import Sentiment


@dataclass(frozen=True, slots=True)
class ClassifiedPost:
    post: Post
    stream_id: str
    """Entry id in `social_posts_stream`; its first half is the time of writing, in milliseconds."""
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
"""The one field of an entry that stands in the processed stream for stored posts that could not be published."""


def unpublished_posts(fields: Mapping[bytes, bytes]) -> int:
    """How many posts the entry stands for; 0 if it is a post."""
    raw = fields.get(GAP_FIELD, b"")
    return int(raw) if raw.isdigit() and len(raw) <= _GAP_DIGITS else 0


def encode_processed(processed: ProcessedPost) -> dict[str, str]:
    """The flat fields of an entry."""
    classified = processed.classified
    sentiment = classified.sentiment
    return {
        **encode_post(classified.post),
        "sentiment_label": sentiment.label.value,
        "sentiment_score": f"{sentiment.score:.6f}",
        # JSON, without the cost of a general encoder for each post
        "scores": (
            f'{{"positive": {sentiment.positive:.6f}, "neutral": {sentiment.neutral:.6f}, '
            f'"negative": {sentiment.negative:.6f}}}'
        ),
        "model": classified.model,
        "timestamp": processed.timestamp.isoformat(),
        "stream_id": classified.stream_id,
        "read_at": classified.read_at.isoformat(),
        "classified_at": classified.classified_at.isoformat(),
    }


def decode_processed(entry_id: str, fields: Mapping[bytes, bytes]) -> ProcessedPost:
    """Read what `encode_processed` wrote.

    Raises:
        ValueError: an entry that a worker did not write.
    """
    try:
        return ProcessedPost(
            classified=ClassifiedPost(
                post=decode_post(entry_id, fields),
                stream_id=fields[b"stream_id"].decode(),
                sentiment=Sentiment(**json.loads(fields[b"scores"])),
                model=fields[b"model"].decode(),
                read_at=datetime.fromisoformat(fields[b"read_at"].decode()),
                classified_at=datetime.fromisoformat(fields[b"classified_at"].decode()),
            ),
            timestamp=datetime.fromisoformat(fields[b"timestamp"].decode()),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"entry {entry_id} is no processed post: {error!r}") from error
