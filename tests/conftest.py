"""Fixtures of all suites: real servers, started once for a run, and an empty database and broker for each test."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import pytest
from pydantic import AnyUrl
from redis.asyncio import Redis

from sentistream_core.broker.client import connect
from sentistream_core.broker.settings import BrokerSettings
from sentistream_core.database.migration import migrate
from sentistream_core.database.pool import Pool, create_pool
from sentistream_local.pipeline import LocalPipeline
from sentistream_local.postgres import Postgres
from sentistream_local.valkey import Valkey
from support.brokers import BROKERS, Broker

_numbers = count(1)


@pytest.fixture(scope="session")
def server_folder() -> Iterator[Path]:
    """A folder that any user of the machine can enter, unlike pytest's own: PostgreSQL may run as another one."""
    folder = Path(tempfile.mkdtemp(prefix="sentistream-tests-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres(server_folder: Path) -> Iterator[Postgres]:
    # Nothing is kept past the run, so nothing needs to reach the disk.
    options = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
    server = Postgres(server_folder / "postgresql", server_folder / "postgresql.log", options=options)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def valkey(server_folder: Path) -> Iterator[Valkey]:
    server = Valkey(server_folder / "valkey", server_folder / "valkey.log", options=("--databases", "1024"))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def template_database(postgres: Postgres) -> str:
    """A migrated database that each test's own is copied from."""
    migrate(AnyUrl(postgres.create_database("template")))
    return "template"


@pytest.fixture
def database_url(postgres: Postgres, template_database: str) -> str:
    """A migrated, empty database of the test's own."""
    return postgres.create_database(f"test_{next(_numbers)}", template=template_database)


@pytest.fixture(params=BROKERS, ids=lambda broker: broker.name)
def broker(request: pytest.FixtureRequest) -> Broker:
    """Each kind of broker in turn, for what may differ between them."""
    broker: Broker = request.param
    if broker.program is None:
        pytest.skip(f"{broker.name} is not on this machine")
    return broker


@pytest.fixture
def redis_url(valkey: Valkey) -> str:
    """An empty broker of the test's own."""
    return f"{valkey.url.removesuffix('/0')}/{next(_numbers)}"


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    async with connect(BrokerSettings(redis_url=AnyUrl(redis_url)), "tests") as client:
        yield client


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[Pool]:
    async with create_pool(AnyUrl(database_url), name="tests", size=2, timeout_seconds=10) as pool:
        yield pool


@pytest.fixture
def pipeline(redis_url: str, database_url: str, tmp_path: Path) -> Iterator[LocalPipeline]:
    """Starts service processes for the test and stops those that are left at its end."""
    pipeline = LocalPipeline(redis_url=redis_url, database_url=database_url, logs=tmp_path)
    yield pipeline
    pipeline.stop()
