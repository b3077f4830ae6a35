"""Reads a source no further than asked: what is not asked for stays where it comes from."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from sentistream_core.background import end_tasks
from sentistream_ingester.source import Event


class Intake:
    """Hands out events in the groups in which they come.

    At most one event is read that nobody has asked for: the one that the source was waiting for when the last group was
    taken.
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
        """Wait for events: all that are there, from 1 to `at_most`; none after the last one or after `end`.

        Raises:
            Exception: what the source raised, once all events before were taken.
        """
        self._asked = at_most
        self._more_asked.set()
        await asyncio.sleep(0)  # lets the source give all that it has
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
        """Let whoever waits in `take` go."""
        self._ended = True
        self._arrived.set()

    async def close(self) -> None:
        """Stop reading; events that nobody took are dropped."""
        await end_tasks([self._reading])
        if not self._reading.cancelled():
            self._reading.exception()  # seen: whoever closes has not asked for the events before it

    async def _pull(self, events: AsyncGenerator[Event, None]) -> None:
        async with aclosing(events):
            await self._more_asked.wait()
            async for event in events:
                self._read.append(event)
                self._arrived.set()
                while len(self._read) >= self._asked:
                    self._more_asked.clear()
                    await self._more_asked.wait()
