"""A dead letter: an entry that cannot be processed. How it is encoded as an entry of the dead letter stream."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

ADDED_FIELDS = (b"reason", b"detail", b"attempts", b"original_stream", b"original_id", b"failed_at")
"""The fields that a dead letter has in addition to those of the original entry."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    fields: Mapping[bytes, bytes]
    """The fields of the original entry, unchanged; a post that arrived without an id has one here."""
    reason: str
    """One of a fixed set of words, suitable as a metric label."""
    detail: str
    attempts: int
    """How often the entry was delivered."""
    original_stream: str
    original_id: str
    failed_at: datetime


def encode_dead_letter(letter: DeadLetter) -> dict[bytes, bytes]:
    """The original fields and the added ones. An added field replaces an original one of the same name."""
    return {
        **letter.fields,
        b"reason": letter.reason.encode(),
        b"detail": letter.detail.encode(errors="replace"),
        b"attempts": str(letter.attempts).encode(),
        b"original_stream": letter.original_stream.encode(),
        b"original_id": letter.original_id.encode(),
        b"failed_at": letter.failed_at.astimezone(UTC).isoformat().encode(),
    }


def decode_dead_letter(fields: Mapping[bytes, bytes]) -> DeadLetter:
    """Decode what `encode_dead_letter` wrote.

    Raises:
        ValueError: no worker wrote the entry.
    """
    try:
        return DeadLetter(
            fields={name: value for name, value in fields.items() if name not in ADDED_FIELDS},
            reason=fields[b"reason"].decode(),
            detail=fields[b"detail"].decode(errors="replace"),
            attempts=int(fields[b"attempts"]),
            original_stream=fields[b"original_stream"].decode(),
            original_id=fields[b"original_id"].decode(),
            failed_at=datetime.fromisoformat(fields[b"failed_at"].decode()),
        )
    except KeyError as error:
        raise ValueError(f"no dead letter: field {error} is missing") from error
