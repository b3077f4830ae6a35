"""Runs the command sentistream-ingester as its users do."""

import asyncio
import json
import os
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from redis.asyncio import Redis

from sentistream_local.ports import HOST
from sentistream_local.valkey import Valkey
from support.brokers import Broker
from support.streams import PARTITION
from support.toy.server import Lines


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


TESTS = Path(__file__).parents[2]

Start: TypeAlias = Callable[..., Awaitable[Running]]
Stream: TypeAlias = Callable[[], Awaitable[list[dict[bytes, bytes]]]]


@pytest.fixture
def stream(redis: Redis) -> Stream:
    """Reads the fields of all entries that were written, in order."""

    async def read() -> list[dict[bytes, bytes]]:
        entries: Any = await redis.xrange(PARTITION.posts)
        return [fields for _, fields in entries]

    return read


@pytest.fixture
async def start(redis_url: str) -> AsyncIterator[Start]:
    """Starts the command, or another module, with arguments and settings; what is left after the test is killed."""
    started: list[Process] = []

    async def start_one(*arguments: str, module: str = "sentistream_ingester", **settings: str) -> Running:
        environment = {
            **os.environ,
            "PYTHONPATH": str(TESTS),
            "SENTISTREAM_REDIS_URL": redis_url,
            "SENTISTREAM_METRICS_PORT": "0",
            **{f"SENTISTREAM_{name.upper()}": value for name, value in settings.items()},
        }
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", module, *arguments),
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


@pytest.fixture
async def administrator(broker: Broker, tmp_path: Path) -> AsyncIterator[Redis]:
    """A broker of the test's own, as its administrator sees it."""
    server = Valkey(tmp_path / "broker", tmp_path / "broker.log", program=broker.program, options=())
    try:
        async with Redis.from_url(server.url) as client:
            yield client
    finally:
        server.stop()


@pytest.fixture
def entries(administrator: Redis) -> Callable[[], Awaitable[int]]:
    """How many entries the administrator's broker has."""

    async def length() -> int:
        return int(await administrator.xlen(PARTITION.posts))

    return length


@pytest.fixture
def allow(administrator: Redis) -> Callable[..., Awaitable[str]]:
    """Gives the ingester's user these rights, all others withdrawn; its address of the broker."""

    async def set_rights(*rights: str) -> str:
        await administrator.execute_command(  # type: ignore[no-untyped-call]
            "ACL", "SETUSER", "ingester", "reset", "on", ">secret", "~*", "&*", *rights
        )
        port = administrator.connection_pool.connection_kwargs["port"]
        return f"redis://ingester:secret@{HOST}:{port}/0"

    return set_rights


@pytest.fixture
async def lines() -> AsyncIterator[Lines]:
    lines = Lines()
    listener = socket.create_server((HOST, 0))
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65_536)  # so that it soon notices that nobody reads
    async with await asyncio.start_server(lines.serve, sock=listener) as server:
        lines.port = server.sockets[0].getsockname()[1]
        yield lines


@pytest.fixture
def start_toy(start: Start, lines: Lines) -> Start:
    async def start_it(*flags: str, **settings: str) -> Any:  # noqa: ANN401 (what `start` gives)
        return await start("toy", "ann", *flags, module="support.toy_ingester", toy_port=str(lines.port), **settings)

    return start_it
