"""Keeps a source's cursor in the broker, beside the posts that it stands for."""

import time

from sentistream_ingester.lease import Lease

SAVE_EVERY_SECONDS = 1.0
"""What a process that is killed has read since is read once more: posts have the same ids then, and are stored once."""


class SavedCursor:
    def __init__(self, lease: Lease) -> None:
        self._lease = lease
        self._passed: str | None = None
        self._next_save = 0.0

    async def passed(self, cursor: str) -> None:
        """Call when the broker has confirmed all events before the cursor; saved once a second at most.

        Raises:
            LeaseLostError: another one reads the source now; nothing was saved.
            GivingUpError: the broker was away until the process had to leave.
        """
        self._passed = cursor
        if time.monotonic() >= self._next_save:
            await self.save()

    async def save(self) -> None:
        """Save the cursor that was passed last, if it is not saved yet.

        Raises:
            LeaseLostError: another one reads the source now; nothing was saved.
            GivingUpError: the broker was away until the process had to leave.
        """
        cursor = self._passed
        if cursor is None:
            return
        await self._lease.keep(cursor)
        self._passed = None
        self._next_save = time.monotonic() + SAVE_EVERY_SECONDS
