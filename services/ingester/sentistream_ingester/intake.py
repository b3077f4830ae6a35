"""Reads events from a source only as they are requested."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from sentistream_core.background import end_tasks
from sentistream_ingester.source import Event


class Intake:
    """Returns events in the groups in which they arrive.

    At most one event is read without a request: the one that the source was waiting for when the last group was taken.
    """

    def __init__(self, events: AsyncGenerator[Event, None]) -> None:
        self._read: list[Event] = []
        self._asked = 0
        self._more_asked = asyncio.Event()
        self._arrived = asyncio.Event()
        self._ended = False
        self._reading = asyncio.create_task(self._pull(events))
        self._reading.add_done_callback(lambda _: self._arrived.set())

    async def take(self, at_most: int) -> list[Event]:
        """Wait for events and return those that are available, from 1 to `at_most`.

        The list is empty after the last event and after `end`.

        Raises:
            Exception: what the source raised, after all earlier events were taken.
        """
        self._asked = at_most
        self._more_asked.set()
        await asyncio.sleep(0)  # lets the source yield all available events
        await self._arrived.wait()
        self._asked = 0
        if self._ended:
            return []
        taken, self._read = self._read, []
        if not self._reading.done():
            self._arrived.clear()
        elif not taken:
            self._reading.result()
        return taken

    def end(self) -> None:
        """Make a waiting `take` return."""
        self._ended = True
        self._arrived.set()

    async def close(self) -> None:
        """Stop reading. Events that were not taken are dropped."""
        await end_tasks([self._reading])
        if not self._reading.cancelled():
            self._reading.exception()  # retrieved, so that asyncio does not log it; it is not needed after `close`

    async def _pull(self, events: AsyncGenerator[Event, None]) -> None:
        async with aclosing(events):
            await self._more_asked.wait()
            async for event in events:
                self._read.append(event)
                self._arrived.set()
                while len(self._read) >= self._asked:
                    self._more_asked.clear()
                    await self._more_asked.wait()
