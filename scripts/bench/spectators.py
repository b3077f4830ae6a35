"""Many WebSocket clients in processes of their own, which record the age of the updates that they receive."""

import asyncio
import multiprocessing
import re
import time
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Final

import uvloop
import websockets
from websockets.asyncio.client import ClientConnection

_JOINING_AT_ONCE: Final = 50
_CURSOR: Final = re.compile(r'"cursor":"(\d+)-\d+"')
_NEW_POSTS: Final = re.compile(r'"new_posts":(\d+)')


@dataclass(slots=True)
class Watched:
    ages: list[float] = field(default_factory=list)
    """Of each update of each client: how long ago the broker took its oldest post, in seconds."""
    closed: int = 0
    """Clients whose connection the server closed."""
    posts: int = 0
    """The smallest number of posts that a client received."""
    seconds: float = 0.0


class Spectators:
    def __init__(self, url: str, clients: int, *, processes: int) -> None:
        spawn = multiprocessing.get_context("spawn")
        self._pipes: list[Connection] = []
        self._processes = []
        for number in range(processes):
            mine, theirs = spawn.Pipe()
            share = clients // processes + (number < clients % processes)
            process = spawn.Process(target=_run, args=(url, share, theirs), daemon=True)
            process.start()
            theirs.close()
            self._pipes.append(mine)
            self._processes.append(process)

    def wait_until_connected(self) -> None:
        """Return when each client has its snapshot.

        Raises:
            EOFError: a process ended; its error is on standard error.
        """
        for pipe in self._pipes:
            pipe.recv()

    def end(self) -> Watched:
        """Disconnect the clients. Returns what all of them recorded."""
        for pipe in self._pipes:
            pipe.send("end")
        found: list[Watched] = [pipe.recv() for pipe in self._pipes]
        return Watched(
            ages=[age for each in found for age in each.ages],
            closed=sum(each.closed for each in found),
            posts=min(each.posts for each in found),
            seconds=max(each.seconds for each in found),
        )

    def kill(self) -> None:
        for process in self._processes:
            process.kill()
            process.join()


def _run(url: str, clients: int, pipe: Connection) -> None:
    uvloop.run(_watch(url, clients, pipe))


async def _watch(url: str, clients: int, pipe: Connection) -> None:
    watched = Watched()
    posts = [0] * clients
    gate = asyncio.Semaphore(_JOINING_AT_ONCE)
    joined = asyncio.Barrier(clients + 1)

    async def watch(number: int) -> None:
        async with gate:
            connection = await websockets.connect(url, max_size=None, open_timeout=120)
            cursor = await _snapshot(connection)
        await joined.wait()
        try:
            async for frame in connection:
                now = time.time()
                if not str(frame).startswith('{"type":"update"'):
                    continue
                # The oldest post of an update came after what the frame before reached to.
                new = int(_matched(_NEW_POSTS, frame))
                if new and cursor:
                    watched.ages.append(now - cursor / 1_000)
                posts[number] += new
                cursor = int(_matched(_CURSOR, frame))
        except websockets.ConnectionClosed:
            pass  # counted as closed below, as after a regular close
        watched.closed += 1

    tasks = [asyncio.create_task(watch(number)) for number in range(clients)]
    await asyncio.wait_for(joined.wait(), 300)
    started = time.monotonic()
    pipe.send("connected")
    await asyncio.to_thread(pipe.recv)
    watched.seconds = time.monotonic() - started
    watched.posts = min(posts)
    pipe.send(watched)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _snapshot(connection: ClientConnection) -> int:
    """The milliseconds of the snapshot's cursor; 0 when nothing was published before."""
    await connection.recv()
    return int(_matched(_CURSOR, await connection.recv()))


def _matched(pattern: re.Pattern[str], frame: str | bytes) -> str:
    found = pattern.search(str(frame))
    if found is None:
        raise ValueError(f"no {pattern.pattern} in {str(frame)[:200]}")
    return found[1]
