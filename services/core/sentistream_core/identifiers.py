"""Ids of posts that have to be the same at every delivery: UUIDv8 (RFC 9562, section 5.8), ordered by time.

Like a UUIDv7 they begin with 48 bits of milliseconds since 1970; 74 bits of a hash take the place of random ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Final
from uuid import UUID, uuid5

_ENTRY_NAMESPACE: Final = UUID("6f1c1a7e-2f0e-5b62-9d4b-6d0a3f1f5c11")
_IDENTITY_NAMESPACE: Final = UUID("2b0e7f5c-6c55-5d0f-8b53-3f2a0a6a1f27")
_LATEST_MILLISECONDS: Final = 2**48 - 1
"""What an id has room for: the year 10889."""

_EARLIEST: Final = datetime(2020, 1, 1, tzinfo=UTC)
_AHEAD_AT_MOST: Final = timedelta(minutes=5)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class EntryIds:
    """Ids of posts that were written to the stream without one.

    They follow from the entry id and a secret of the installation, so that nobody can tell such an id before its post
    is stored, and take it for a post of their own.
    """

    secret: bytes
    """16 to 64 bytes."""
    since_milliseconds: int
    """Entries written before, in milliseconds since 1970, have the id of versions that knew no secret.

    While such a version and this one take over each other's entries, both must find the same id.
    """

    def of(self, entry_id: str) -> UUID:
        """The id of the entry's post; the same whenever it is asked for."""
        milliseconds = int(entry_id.partition("-")[0])
        if milliseconds < self.since_milliseconds:
            return id_without_secret(entry_id)
        return _ordered(milliseconds, blake2b(entry_id.encode(), key=self.secret, digest_size=10).digest())

    def identified(self, entry_id: str, fields: Mapping[bytes, bytes]) -> Mapping[bytes, bytes]:
        """The fields of an entry, with an `id` if it is a new post without one."""
        if fields.get(b"id") or fields.get(b"op", b"") not in (b"", b"create"):
            return fields
        others = {name: value for name, value in fields.items() if name != b"id"}
        return {b"id": str(self.of(entry_id)).encode(), **others}


def id_without_secret(entry_id: str) -> UUID:
    """What versions that knew no secret gave an entry without id."""
    return uuid5(_ENTRY_NAMESPACE, entry_id)


def id_of_identity(source: str, identity: str, time: datetime, *, now: datetime) -> UUID:
    """The id of a post that its source knows by `identity`: the same each time it is read, wherever.

    It is ordered by `time`, the source's own, if that lies between 2020 and five minutes after `now`. Else it is a
    UUIDv5, which is ordered by nothing, so that no time that somebody made up decides where a post is kept.

    `time` must not change when the post is edited. Where the source tells when it received the post, that is the `now`
    to give: by the clock, a post dated further ahead gets another id when it is read again later.
    """
    name = f"{source}\0{identity}"
    if not _EARLIEST <= time <= now + _AHEAD_AT_MOST:
        return uuid5(_IDENTITY_NAMESPACE, name)
    milliseconds = (time - _EPOCH) // timedelta(milliseconds=1)
    return _ordered(milliseconds, blake2b(name.encode(), digest_size=10).digest())


def _ordered(milliseconds: int, digest: bytes) -> UUID:
    """A UUIDv8 of a time and the 74 bits of a hash of ten bytes that fit."""
    value = min(milliseconds, _LATEST_MILLISECONDS) << 80 | int.from_bytes(digest)
    value = value & ~(0xF << 76) | 8 << 76
    value = value & ~(0b11 << 62) | 0b10 << 62
    return UUID(int=value)
