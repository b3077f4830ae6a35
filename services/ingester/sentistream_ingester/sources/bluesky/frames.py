"""What a Jetstream server sends, the same for both of its protocols. Nothing in it is checked but where it stands."""

from dataclasses import dataclass
from typing import TypeAlias

from sentistream_ingester.sources.bluesky.place import Place


@dataclass(frozen=True, slots=True)
class Commit:
    """A record of a repository was created, updated or deleted."""

    place: Place
    did: object
    operation: object
    collection: object
    rkey: object
    rev: object
    record: object


@dataclass(frozen=True, slots=True)
class Account:
    """An account is active again, or is not any more."""

    place: Place
    did: object
    active: object
    status: object


@dataclass(frozen=True, slots=True)
class Other:
    """Of a kind that was not asked for, or that is new."""

    place: Place


@dataclass(frozen=True, slots=True)
class Notice:
    """Says something of the stream itself, and has no place in it."""

    name: str
    message: str


@dataclass(frozen=True, slots=True)
class Failure:
    """The last frame: why the server closes the connection."""

    name: str
    message: str


@dataclass(frozen=True, slots=True)
class Malformed:
    """No frame of the protocol."""

    detail: str


Frame: TypeAlias = Commit | Account | Other | Notice | Failure | Malformed
