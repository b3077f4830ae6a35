"""A source as others would add it: this folder, and a line in the list of sources (`support/toy_ingester.py`).

A server on this machine is asked for lines after a number, pushes them, `NUMBER TEXT` each, and closes after the last.
"""

import asyncio
from argparse import ArgumentParser, Namespace
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from uuid import UUID, uuid5

from pydantic import Field

from sentistream_core.settings import Port
from sentistream_ingester.posts import checked_post
from sentistream_ingester.settings import IngesterSettings
from sentistream_ingester.source import Checkpoint, Event, Source, SourceType, UnusableSourceError, UsageError

_HOST = "127.0.0.1"
_NAMESPACE = UUID("5d6ba6a4-8a5e-4b0e-9d35-0f7c8b1f9a77")


class ToySettings(IngesterSettings):
    toy_port: Port = Field(default=0, description="Port of the server with the lines")


class Toy(Source):
    def __init__(self, port: int, author: str) -> None:
        self._port = port
        self._author = author
        self.cursor_name = f"toy:{port}"

    async def events(self, cursor: str | None) -> AsyncGenerator[Event, None]:
        try:
            reader, writer = await asyncio.open_connection(_HOST, self._port)
        except OSError as error:
            raise UnusableSourceError(f"no server on port {self._port}: {error}") from error
        try:
            writer.write(f"{cursor or 0}\n".encode())
            while line := await reader.readline():
                number, _, text = line.decode().rstrip("\n").partition(" ")
                fields = {
                    "id": str(uuid5(_NAMESPACE, number)),
                    "content": text,
                    "source": "toy",
                    "created_at": datetime.now(UTC).isoformat(),
                    "author": self._author,
                }
                yield checked_post(fields, record=f"number {number}")
                yield Checkpoint(number)
        finally:
            writer.close()


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("author", metavar="AUTHOR", help="who wrote the lines")


def _open(settings: ToySettings, arguments: Namespace) -> Toy:
    if settings.toy_port == 0:
        raise UsageError("give --port")
    return Toy(settings.toy_port, arguments.author)


SOURCE = SourceType(
    name="toy",
    summary="lines of a server on this machine",
    description="Writes the lines of a server on this machine until it closes the connection.",
    settings=ToySettings,
    open=_open,
    positional="AUTHOR",
    add_arguments=_add_arguments,
)
