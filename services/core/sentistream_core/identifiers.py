"""Post ids that are the same at every delivery: UUIDv8 (RFC 9562, section 5.8), ordered by time.

Like a UUIDv7 they begin with 48 bits of milliseconds since 1970; instead of random bits they have 74 bits of a hash.
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
"""The largest time that fits into an id: the year 10889."""

_EARLIEST: Final = datetime(2020, 1, 1, tzinfo=UTC)
_AHEAD_AT_MOST: Final = timedelta(minutes=5)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class EntryIds:
    """Creates ids for posts that were written to the stream without one.

    An id is derived from the entry id and a secret of the installation. So nobody can predict it and use it for another
    post before this one is stored.
    """

    secret: bytes
    """16 to 64 bytes."""
    since_milliseconds: int
    """Entries written before this time (milliseconds since 1970) get an id without the secret, as in older versions.

    While workers of such a version and of this one take over each other's entries, both must derive the same id.
    """

    def of(self, entry_id: str) -> UUID:
        """The id of the entry's post; always the same for the same entry."""
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
    """The id that versions without a secret gave to an entry without an id."""
    return uuid5(_ENTRY_NAMESPACE, entry_id)


def id_of_identity(source: str, identity: str, time: datetime, *, now: datetime) -> UUID:
    """The id of a post that its source calls `identity`; the same every time and everywhere it is read.

    The id is ordered by `time`, the source's own time of the post, if that is between 2020 and five minutes after
    `now`. Otherwise it is a UUIDv5, which has no order, so that an invented time does not decide the partition.

    `time` must not change when the post is edited. If the source reports when it received the post, pass that as `now`.
    With the clock's time, a post dated in the future would get another id when it is read again later.
    """
    name = f"{source}\0{identity}"
    if not _EARLIEST <= time <= now + _AHEAD_AT_MOST:
        return uuid5(_IDENTITY_NAMESPACE, name)
    milliseconds = (time - _EPOCH) // timedelta(milliseconds=1)
    return _ordered(milliseconds, blake2b(name.encode(), digest_size=10).digest())


def _ordered(milliseconds: int, digest: bytes) -> UUID:
    """A UUIDv8 of a time and 74 of the 80 bits of a hash."""
    value = min(milliseconds, _LATEST_MILLISECONDS) << 80 | int.from_bytes(digest)
    value = value & ~(0xF << 76) | 8 << 76
    value = value & ~(0b11 << 62) | 0b10 << 62
    return UUID(int=value)
