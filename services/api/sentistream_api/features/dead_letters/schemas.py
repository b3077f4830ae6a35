"""Requests and answers about dead letters."""

from datetime import datetime
from typing import Final, Self

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from sentistream_api.features.dead_letters.letter_id import LetterId
from sentistream_api.request_body import RequestBody
from sentistream_core.broker.dead_letters import SHOWN_BYTES_OF_VALUE, DeadLetterPreview
from sentistream_core.broker.topology import Topology

MAX_LETTERS: Final = 1_000
_SHOWN_CHARACTERS: Final = SHOWN_BYTES_OF_VALUE // 4
"""A character takes at most four bytes."""

_EXAMPLE: Final[JsonDict] = {
    "dead_letter_id": "1777863721500-0",
    "reason": "invalid_utf8",
    "detail": "content is not UTF-8 at byte 0",
    "attempts": 1,
    "original_stream": Topology.of(1).partitions[0].posts,
    "original_id": "1777863721012-0",
    "failed_at": "2026-05-04T03:02:01.500Z",
    "fields": {"content": "\ufffd\ufffd"},
    "fields_left_out": 0,
}


_NEW_ENTRY: Final = "1777863999000-0"
_REPLAYED: Final[JsonDict] = {"entry_id": _NEW_ENTRY, "dead_letter_id": _EXAMPLE["dead_letter_id"]}


class DeadLetterOut(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    dead_letter_id: str = Field(
        description="Its entry id in dead_letter_stream; with several partitions followed by @ and the partition"
    )
    reason: str = Field(description="One of a fixed set of words, as in the metrics")
    detail: str
    attempts: int = Field(description="How often the entry was delivered")
    original_stream: str
    original_id: str
    failed_at: datetime
    fields: dict[str, str] = Field(
        description="The fields of the original entry. Invalid UTF-8 is replaced by \ufffd; long values are cut and "
        "marked. A replay sends the original bytes."
    )
    fields_left_out: int = Field(
        description="How many fields of the original entry are not in `fields`, whose size is limited"
    )

    @classmethod
    def of(cls, preview: DeadLetterPreview) -> Self:
        letter = preview.letter
        return cls(
            dead_letter_id=preview.id,
            reason=letter.reason,
            detail=letter.detail,
            attempts=letter.attempts,
            original_stream=letter.original_stream,
            original_id=letter.original_id,
            failed_at=letter.failed_at,
            fields={
                _shown(name, len(name)): _shown(value, preview.lengths[name]) for name, value in letter.fields.items()
            },
            fields_left_out=preview.fields_left_out,
        )


def _shown(beginning: bytes, length: int) -> str:
    text = beginning.decode(errors="replace")
    is_whole = len(beginning) == length and len(text) <= _SHOWN_CHARACTERS
    return text if is_whole else f"{text[:_SHOWN_CHARACTERS]} [... {length:,} bytes in all]"


class DeadLetterPage(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"dead_letters": [_EXAMPLE], "next": _EXAMPLE["dead_letter_id"]}]}
    )

    dead_letters: list[DeadLetterOut] = Field(description="Newest first")
    next: str | None = Field(description="Pass it as `before` for the next page; null on the last one")


class Selection(RequestBody):
    model_config = ConfigDict(json_schema_extra={"examples": [{"dead_letter_ids": [_EXAMPLE["dead_letter_id"]]}]})

    dead_letter_ids: list[LetterId] = Field(min_length=1, max_length=MAX_LETTERS)


class Replayed(BaseModel):
    """The original entry is back in the stream that it came from."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"entry_id": _NEW_ENTRY}]})

    entry_id: str = Field(description="Its new entry id there")


class ReplayedLetter(Replayed):
    model_config = ConfigDict(json_schema_extra={"examples": [_REPLAYED]})

    dead_letter_id: str


class ReplayedLetters(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"replayed": [_REPLAYED], "missing": ["1777863700000-0"]}]}
    )

    replayed: list[ReplayedLetter]
    missing: list[str] = Field(description="Letters that did not exist any more")


class DeletedLetters(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"deleted": 1}]})

    deleted: int = Field(description="How many of the letters existed")
