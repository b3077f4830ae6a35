"""The frames of /ws/sentiment, protocol version 1, without the fields of channels. See docs/websocket.md."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from sentistream_api.live.protocol import PROTOCOL_VERSION

_TIME: Final = "2026-05-04T03:02:01Z"


def _config(**example: Any) -> ConfigDict:  # noqa: ANN401 (JSON)
    return ConfigDict(json_schema_serialization_defaults_required=True, json_schema_extra={"examples": [example]})


class Hello(BaseModel):
    """The first frame."""

    model_config = _config(type="hello", protocol=PROTOCOL_VERSION, server_time=_TIME, interval_ms=250)

    type: Literal["hello"] = "hello"
    protocol: int = PROTOCOL_VERSION
    server_time: datetime
    interval_ms: int = Field(description="Shortest time between two updates")


class SnapshotHead(BaseModel):
    """The second frame: the complete current state."""

    model_config = _config(type="snapshot", as_of=_TIME, cursor="1777863721184-0")

    type: Literal["snapshot"] = "snapshot"
    as_of: datetime
    cursor: str = Field(description="Position in the processed stream; pass it as `since` when connecting again")


class UpdateHead(BaseModel):
    """Sent when something has changed. All numbers are absolute: replace the old ones, do not add."""

    model_config = _config(type="update", as_of=_TIME, cursor="1777863721184-0")

    type: Literal["update"] = "update"
    as_of: datetime
    cursor: str = Field(description="As in the snapshot")


class Heartbeat(BaseModel):
    """Sent when nothing has changed for a while, so that a client can detect a dead connection."""

    model_config = _config(type="heartbeat", as_of=_TIME)

    type: Literal["heartbeat"] = "heartbeat"
    as_of: datetime


def merged(head: BaseModel, parts: Iterable[str]) -> str:
    """One JSON object with the fields of the head and of the encoded parts, whose names differ."""
    members = [each[1:-1] for each in (head.model_dump_json(), *parts)]
    return f"{{{','.join(each for each in members if each)}}}"
