"""Runs the command sentistream-ingester as its users do."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import pytest
from redis.asyncio import Redis

from sentistream_core.broker.streams import POSTS_STREAM


@dataclass(frozen=True, slots=True)
class Ended:
    exit_code: int | None
    log: list[dict[str, Any]]
    error_output: str

    def events(self, event: str) -> list[dict[str, Any]]:
        return [line for line in self.log if line["event"] == event]


@dataclass(frozen=True, slots=True)
class Running:
    process: Process
    read: list[str] = field(default_factory=list)

    async def says(self, event: str) -> None:
        """Wait until this event is in the log."""
        assert self.process.stdout is not None
        async with asyncio.timeout(30):
            while not self.read or json.loads(self.read[-1])["event"] != event:
                self.read.append((await self.process.stdout.readline()).decode())

    async def end(self) -> Ended:
        """Close its standard input and wait for the end."""
        if self.process.stdin is not None:
            self.process.stdin.close()
        output, error_output = await asyncio.wait_for(self.process.communicate(), timeout=30)
        lines = [*self.read, *output.decode().splitlines()]
        return Ended(self.process.returncode, [json.loads(line) for line in lines], error_output.decode())


Start: TypeAlias = Callable[..., Awaitable[Running]]
Stream: TypeAlias = Callable[[], Awaitable[list[dict[bytes, bytes]]]]


@pytest.fixture
def stream(redis: Redis) -> Stream:
    """Reads the fields of all entries that were written, in order."""

    async def read() -> list[dict[bytes, bytes]]:
        entries: Any = await redis.xrange(POSTS_STREAM)
        return [fields for _, fields in entries]

    return read


@pytest.fixture
async def start(redis_url: str) -> AsyncIterator[Start]:
    """Starts the command with arguments and settings; what is left at the end of the test is killed."""
    started: list[Process] = []

    async def start_one(*arguments: str, **settings: str) -> Running:
        environment = {
            **os.environ,
            "SENTISTREAM_REDIS_URL": redis_url,
            "SENTISTREAM_METRICS_PORT": "0",
            **{f"SENTISTREAM_{name.upper()}": value for name, value in settings.items()},
        }
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "sentistream_ingester", *arguments),
            env=environment,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
        )
        started.append(process)
        return Running(process)

    yield start_one
    for process in started:
        if process.returncode is None:
            process.kill()
            await process.wait()
