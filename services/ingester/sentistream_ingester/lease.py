"""One active reader for each source: a lease in the broker, which also guards the source's cursor.

Several ingesters of one source would read the same posts (they would be stored once), and each would overwrite the
other's cursor. So one of them holds a lease and reads; the others are on standby. Each lease has its own token, which
the broker checks before it writes a cursor. A holder that was paused until another one took over therefore cannot write
back its old cursor (a fencing token: Kleppmann, "How to do distributed locking", 2016).
"""

import secrets
from hashlib import sha1
from typing import Any, Final

from redis.asyncio import Redis

from sentistream_ingester.broker import Broker

LEASE_SECONDS: Final = 5.0
"""If the holder has not renewed the lease for this time, another process takes over."""
LOOK_EVERY_SECONDS: Final = 1.0
"""How often the holder renews the lease, and the others try to take it."""

_LOST: Final = 0
_CURSOR_MISSING: Final = 2

_KEEP: Final = """
local holder = redis.call('GET', KEYS[1])
local cursor = redis.call('GET', KEYS[2])
if holder ~= ARGV[1] and (holder or (cursor and redis.sha1hex(cursor) ~= ARGV[3])) then
    return 0
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
if ARGV[4] ~= '' then
    redis.call('SET', KEYS[2], ARGV[4])
elseif not cursor then
    return 2
end
return 1
"""
"""Renews the lease and sets the cursor, unless another process holds the lease. A lease that nobody holds (because the
broker was away until it expired, or lost its data) is taken again if the cursor has not changed meanwhile. This is
checked by the cursor's hash: a cursor may be long, and is sent only when it has changed or is missing."""

_RELEASE: Final = "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end"


class LeaseLostError(Exception):
    """Another process holds the lease, or held it in the meantime."""


class Lease:
    """A lease. Its operations wait during an outage of the broker, as all writing does; the holder keeps the lease."""

    def __init__(self, broker: Broker, name: str) -> None:
        """`name` is the source's `cursor_name`."""
        self._broker = broker
        # The braces keep both keys in one slot of a Redis Cluster.
        self._keys = (f"sentistream:source:{{{name}}}:lease", f"sentistream:source:{{{name}}}:cursor")
        self._token = secrets.token_hex(16)
        self._kept = ""
        """The last known cursor in the broker."""
        self._passed = ""

    @property
    def _redis(self) -> Redis:
        return self._broker.redis

    async def take(self) -> bool:
        """Take the lease if nobody holds it. Returns whether it was taken.

        Raises:
            GivingUpError: the broker was away until the process had to stop.
        """
        taken = await self._broker.answer(
            lambda: self._redis.set(self._keys[0], self._token, nx=True, px=round(LEASE_SECONDS * 1000))
        )
        return bool(taken)

    async def cursor(self) -> str | None:
        """The cursor that was saved last, by any holder; None if there is none or the broker lost it.

        Raises:
            GivingUpError: the broker was away until the process had to stop.
        """
        kept: Any = await self._broker.answer(lambda: self._redis.get(self._keys[1]))
        self._kept = "" if kept is None else kept.decode()
        self._passed = self._kept
        return self._kept or None

    def passed(self, cursor: str) -> None:
        """Call when the broker has confirmed all events before the cursor. The next renewal saves it.

        If the process is killed, events after the saved cursor are read again. Their posts have the same ids, so they
        are stored once.
        """
        self._passed = cursor

    async def keep(self) -> None:
        """Renew the lease, and save the cursor of the last call of `passed`.

        Raises:
            LeaseLostError: another process has the lease; nothing was written.
            GivingUpError: the broker was away until the process had to stop.
        """
        cursor = self._passed
        result = await self._keep("" if cursor == self._kept else cursor)
        if result == _CURSOR_MISSING and cursor:
            result = await self._keep(cursor)
        if result == _LOST:
            raise LeaseLostError
        self._kept = cursor

    async def _keep(self, cursor: str) -> int:
        kept = sha1(self._kept.encode(), usedforsecurity=False).hexdigest()
        arguments = (self._token, round(LEASE_SECONDS * 1000), kept, cursor)
        result: Any = await self._broker.answer(lambda: self._redis.eval(_KEEP, 2, *self._keys, *arguments))
        return int(result)

    async def release(self) -> None:
        """Give the lease up, so that another process can take over at once.

        Raises:
            GivingUpError: the broker is away; the lease expires by itself.
        """
        await self._broker.answer(lambda: self._redis.eval(_RELEASE, 1, self._keys[0], self._token))
