"""The frames of /ws/sentiment, protocol version 1; docs/websocket.md tells how they follow each other."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from sentistream_api.features.posts.schemas import PostOut
from sentistream_api.features.stats.schemas import Counts, Point, Series

PROTOCOL_VERSION = 1
SUBPROTOCOL = "sentistream.v1"

TOKEN_SUBPROTOCOL = "bearer."  # noqa: S105 (what stands before a token)
"""Offered before the token: browsers can set no other header of a WebSocket."""

CLOSE_BAD_QUERY = 4000
CLOSE_UNAUTHORISED = 4001
CLOSE_FOREIGN_ORIGIN = 4003
CLOSE_TOO_SLOW = 4008
CLOSE_TRY_AGAIN_LATER = 1013


class _Frame(BaseModel):
    model_config = ConfigDict(json_schema_serialization_defaults_required=True)


class Hello(_Frame):
    """The first frame."""

    type: Literal["hello"] = "hello"
    protocol: int = PROTOCOL_VERSION
    server_time: datetime
    interval_ms: int = Field(description="Updates are at least so far apart")


class Snapshot(_Frame):
    """The second frame: everything a client needs to begin."""

    type: Literal["snapshot"] = "snapshot"
    as_of: datetime
    cursor: str = Field(description="Position in the processed stream; pass it as `since` when connecting again")
    counts: Counts
    series: Series
    posts: list[PostOut] = Field(description="Those that were asked for, newest first")
    gap_filled: bool = Field(description="Whether `posts` holds every post since the cursor that the client passed")


class Update(_Frame):
    """Sent when something changed. All numbers are absolute: replace, never add."""

    type: Literal["update"] = "update"
    as_of: datetime
    cursor: str
    counts: Counts
    points: list[Point] = Field(description="The newest buckets; each replaces the one of the same time")
    posts: list[PostOut] = Field(description="Posts since the last update as they were asked for, newest first")
    posts_complete: bool = Field(description="Whether `posts` leaves none out of those that were asked for")
    new_posts: int = Field(description="How many posts there were since the last update, of all labels")
    posts_per_second: float = Field(description="Over the last complete bucket")


class Heartbeat(_Frame):
    """Sent when nothing changed for a while, so that a client can tell silence from a dead connection."""

    type: Literal["heartbeat"] = "heartbeat"
    as_of: datetime


Frame = Annotated[Hello | Snapshot | Update | Heartbeat, Field(discriminator="type")]
"""Whatever a client may get."""
