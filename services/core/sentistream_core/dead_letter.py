"""An entry that cannot be processed and how it travels as an entry of `dead_letter_stream`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

ADDED_FIELDS = (b"reason", b"detail", b"attempts", b"original_stream", b"original_id", b"failed_at")
"""What a dead letter has besides the fields of its entry."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    fields: Mapping[bytes, bytes]
    """The original entry, byte for byte, and the id of its post if it had none."""
    reason: str
    """One of a few words, fit for a metric label."""
    detail: str
    attempts: int
    """How often the entry was delivered."""
    original_stream: str
    original_id: str
    failed_at: datetime


def encode_dead_letter(letter: DeadLetter) -> dict[bytes, bytes]:
    """The original fields and what is known about the failure; an original field of the same name gives way."""
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
    """Read what `encode_dead_letter` wrote.

    Raises:
        ValueError: an entry that a worker did not write.
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
