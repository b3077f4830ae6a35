"""The two protocols of Jetstream: how to ask for posts, and what the frames mean.

v2 is `network.bsky.jetstream.subscribeEvents` (its lexicon is in the repository bluesky-social/jetstream), v1 the older
`/subscribe`. A cursor of one means something else in the other.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Final, Protocol
from urllib.parse import urlencode

from sentistream_ingester.sources.bluesky.frames import Account, Commit, Failure, Frame, Malformed, Notice, Other
from sentistream_ingester.sources.bluesky.place import Place, microseconds

POSTS: Final = "app.bsky.feed.post"
OVERLAP_US: Final = 5_000_000
"""How far a cursor that is a time is set back: servers do not sort their events strictly by it."""

_V2_EVENTS: Final = "network.bsky.jetstream.subscribeEvents"
_MOST_SHOWN: Final = 200
_NUMBERS: Final = range(2**63)
_TIMES: Final = range(1, 10**16)
"""Microseconds since 1970, to the year 2286."""


class JetstreamProtocol(Protocol):
    name: str
    default_url: str
    numbers_are_times: bool
    """Whether a place's number is its time."""
    compresses: bool
    """Whether servers hand out a dictionary for its frames."""

    def target(self, cursor: int | None, dictionary_id: int | None) -> str:
        """Path and query of a subscription; without a cursor it begins with what happens now."""

    def read(self, text: str | bytes) -> Frame: ...


class V2:
    name = "v2"
    default_url = "wss://jetstream.us-east.bsky.network"
    numbers_are_times = False
    compresses = True

    def target(self, cursor: int | None, dictionary_id: int | None) -> str:
        query: list[tuple[str, str | int]] = [("kinds", "commit"), ("kinds", "account"), ("collections", POSTS)]
        if cursor is not None:
            query.append(("cursor", cursor))
        if dictionary_id is not None:
            query.append(("zstdDictionary", dictionary_id))
        return f"/xrpc/{_V2_EVENTS}?{urlencode(query)}"

    def read(self, text: str | bytes) -> Frame:
        frame = _object(text)
        if isinstance(frame, Malformed):
            return frame
        if frame.get("$type") == "error":
            return Failure(_shown(frame.get("error")), _shown(frame.get("message")))
        payload = frame.get("payload")
        if frame.get("$type") != "message" or not isinstance(payload, dict):
            return Malformed(f"$type is {_shown(frame.get('$type'))}, and not message or error")
        kind = str(payload.get("$type")).rpartition("#")[2]
        if kind == "info":
            return Notice(_shown(payload.get("name")), _shown(payload.get("message")))
        place = _place(payload.get("seq"), _time_us(payload.get("time")))
        if place is None:
            return Malformed(f"seq {_shown(payload.get('seq'))} or time {_shown(payload.get('time'))} does not fit")
        return _event(kind, place, payload, payload)


class V1:
    name = "v1"
    default_url = "wss://jetstream2.us-east.bsky.network"
    numbers_are_times = True
    compresses = False

    def target(self, cursor: int | None, dictionary_id: int | None) -> str:  # noqa: ARG002 (it has none)
        query: list[tuple[str, str | int]] = [("wantedCollections", POSTS)]
        if cursor is not None:
            query.append(("cursor", cursor))
        return f"/subscribe?{urlencode(query)}"

    def read(self, text: str | bytes) -> Frame:
        event = _object(text)
        if isinstance(event, Malformed):
            return event
        place = _place(event.get("time_us"), event.get("time_us"))
        if place is None:
            return Malformed(f"time_us {_shown(event.get('time_us'))} does not fit")
        return _event(str(event.get("kind")), place, event, event.get("commit"))


PROTOCOLS: Final[Mapping[str, JetstreamProtocol]] = {"v2": V2(), "v1": V1()}


def _event(kind: str, place: Place, event: Mapping[str, object], commit: object) -> Frame:
    match kind:
        case "commit" if isinstance(commit, dict):
            names = ("operation", "collection", "rkey", "rev", "record")
            return Commit(place, event.get("did"), *(commit.get(name) for name in names))
        case "account" if isinstance(account := event.get("account"), dict):
            return Account(place, event.get("did"), account.get("active"), account.get("status"))
        case _:
            return Other(place)


def _object(text: str | bytes) -> dict[str, object] | Malformed:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        return Malformed(f"not JSON: {_shown(error)}")
    return value if isinstance(value, dict) else Malformed("not a JSON object")


def _place(number: object, time_us: object) -> Place | None:
    # type() and not isinstance: JSON's true would be the number 1.
    if type(number) is int and type(time_us) is int and number in _NUMBERS and time_us in _TIMES:
        return Place(number, time_us)
    return None


def _time_us(time: object) -> int | None:
    try:
        return microseconds(datetime.fromisoformat(str(time)))
    except (ValueError, TypeError):  # TypeError: it has no time zone
        return None


def _shown(value: object) -> str:
    return str(value)[:_MOST_SHOWN]
