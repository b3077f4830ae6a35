"""Keeps a source's cursor in the broker, beside the posts that it stands for."""

import time
from typing import Any

from sentistream_ingester.broker import Broker

SAVE_EVERY_SECONDS = 1.0
"""What a process that is killed has read since is read once more: posts have the same ids then, and are stored once."""


class SavedCursor:
    def __init__(self, broker: Broker, name: str) -> None:
        self._broker = broker
        self._key = f"sentistream:cursor:{name}"
        self._passed: str | None = None
        self._next_save = 0.0

    async def load(self) -> str | None:
        """The cursor that was saved last; None when none was, or the broker lost it.

        Raises:
            GivingUpError: the broker was away until the process had to leave.
        """
        saved: Any = await self._broker.answer(lambda: self._broker.redis.get(self._key))
        return None if saved is None else str(saved.decode())

    async def passed(self, cursor: str) -> None:
        """Call when the broker has confirmed all events before the cursor; saved once a second at most.

        Raises:
            GivingUpError: the broker was away until the process had to leave.
        """
        self._passed = cursor
        if time.monotonic() >= self._next_save:
            await self.save()

    async def save(self) -> None:
        """Save the cursor that was passed last, if it is not saved yet.

        Raises:
            GivingUpError: the broker was away until the process had to leave.
        """
        cursor = self._passed
        if cursor is None:
            return
        await self._broker.answer(lambda: self._broker.redis.set(self._key, cursor))
        self._passed = None
        self._next_save = time.monotonic() + SAVE_EVERY_SECONDS
