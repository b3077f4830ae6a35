"""Servers that a test may break, and the table at the end: fault, evidence, sent, stored, dead, lost, doubled."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import astuple, fields
from itertools import count
from pathlib import Path

import pytest
from pydantic import AnyUrl

from sentistream_core.broker.client import connect
from sentistream_core.broker.settings import BrokerSettings
from sentistream_core.database.migration import migrate
from sentistream_core.database.pool import create_pool
from sentistream_local.pipeline import LocalPipeline
from sentistream_local.postgres import Postgres
from sentistream_local.valkey import Valkey
from support.brokers import Broker
from support.system_under_test import Row, SystemUnderTest

_databases = count(1)
_ROW = "fault"
"""The property of a test's report that carries its row, from whichever process the test ran in."""


@pytest.fixture(scope="session")
def breakable_postgres(server_folder: Path) -> Iterator[Postgres]:
    """Keeps what it commits, as in production, but may be restarted."""
    server = Postgres(server_folder / "breakable-postgresql", server_folder / "breakable-postgresql.log")
    migrate(AnyUrl(server.create_database("template")))
    yield server
    server.stop()


@pytest.fixture
async def system(
    request: pytest.FixtureRequest, broker: Broker, breakable_postgres: Postgres, server_folder: Path, tmp_path: Path
) -> AsyncIterator[SystemUnderTest]:
    name = f"fault_{next(_databases)}"
    folder = server_folder / name
    options = ("--appendonly", "yes", "--appendfsync", "always")
    valkey = Valkey(folder, server_folder / f"{name}.log", program=broker.program, options=options)
    database_url = breakable_postgres.create_database(name, template="template")
    pipeline = LocalPipeline(redis_url=valkey.url, database_url=database_url, logs=tmp_path)
    try:
        async with (
            connect(BrokerSettings(redis_url=AnyUrl(valkey.url)), "tests") as redis,
            create_pool(AnyUrl(database_url), name="tests", size=2, timeout_seconds=30) as pool,
        ):
            yield SystemUnderTest(
                name=request.node.originalname.removeprefix("test_").replace("_", " "),
                record=lambda row: request.node.user_properties.append((_ROW, astuple(row))),
                broker=broker,
                valkey=valkey,
                postgres=breakable_postgres,
                database_url=database_url,
                redis=redis,
                pool=pool,
                pipeline=pipeline,
                folder=folder,
            )
    finally:
        await asyncio.to_thread(pipeline.stop)
        valkey.stop()
        shutil.rmtree(folder, ignore_errors=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    ended = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    rows = [row for report in ended if report.when == "call" for name, row in report.user_properties if name == _ROW]
    if not rows:
        return
    header = tuple(field.name for field in fields(Row))
    lines = [header, *(tuple(str(cell) for cell in row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    terminalreporter.section("faults")
    for line in lines:
        terminalreporter.write_line("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)))
