"""One active reader for each source: a lease in the broker, which also guards the source's cursor.

Several ingesters of one source would read the same posts, and store them once, but each would write its own cursor over
the other's. So one of them holds a lease and reads, the others stand by. Each lease has a token of its own, which the
broker compares before it takes a cursor: a holder that was paused for so long that another one took over cannot write
its old cursor back (a fencing token: Kleppmann, "How to do distributed locking", 2016).
"""

import secrets
from hashlib import sha1
from typing import Any, Final

from redis.asyncio import Redis

from sentistream_ingester.broker import Broker

LEASE_SECONDS: Final = 5.0
"""After so long without a word from the holder another one takes over."""
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
"""Renews the lease and sets the cursor, unless somebody else holds it. One that nobody holds, because the broker was
away for its whole time or has lost its data, is taken again if nobody has moved the cursor since. Its hash tells: a
cursor may be long, and is sent when it has changed or is missing."""

_RELEASE: Final = "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end"


class LeaseLostError(Exception):
    """Somebody else holds the lease, or held it in the meantime."""


class Lease:
    """Waits for a broker that is away, as all writing does; whoever holds the lease then goes on holding it."""

    def __init__(self, broker: Broker, name: str) -> None:
        """`name` is the source's `cursor_name`."""
        self._broker = broker
        # The braces keep both keys in one slot of a Redis Cluster.
        self._keys = (f"sentistream:source:{{{name}}}:lease", f"sentistream:source:{{{name}}}:cursor")
        self._token = secrets.token_hex(16)
        self._kept = ""
        """The cursor that the broker has, as far as this holder knows."""
        self._passed = ""

    @property
    def _redis(self) -> Redis:
        return self._broker.redis

    async def take(self) -> bool:
        """Take the lease if nobody holds it.

        Raises:
            GivingUpError: the broker was away until the process had to leave.
        """
        taken = await self._broker.answer(
            lambda: self._redis.set(self._keys[0], self._token, nx=True, px=round(LEASE_SECONDS * 1000))
        )
        return bool(taken)

    async def cursor(self) -> str | None:
        """The cursor that was kept last, by whichever holder; None when none was, or the broker lost it.

        Raises:
            GivingUpError: the broker was away until the process had to leave.
        """
        kept: Any = await self._broker.answer(lambda: self._redis.get(self._keys[1]))
        self._kept = "" if kept is None else kept.decode()
        self._passed = self._kept
        return self._kept or None

    def passed(self, cursor: str) -> None:
        """Call when the broker has confirmed all events before the cursor; the next renewal keeps it.

        What a process that is killed has read since is read once more. Posts have the same ids then, and are stored
        once.
        """
        self._passed = cursor

    async def keep(self) -> None:
        """Renew the lease, and keep the cursor that was passed last.

        Raises:
            LeaseLostError: nothing was written.
            GivingUpError: the broker was away until the process had to leave.
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
        """Let another one take over at once.

        Raises:
            GivingUpError: the broker is away; the lease ends by itself.
        """
        await self._broker.answer(lambda: self._redis.eval(_RELEASE, 1, self._keys[0], self._token))
