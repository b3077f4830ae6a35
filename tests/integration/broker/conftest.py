"""An empty broker of each kind."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from sentistream_local.valkey import Valkey
from support.brokers import BROKERS, Broker

_numbers = count()


@pytest.fixture(scope="session", params=BROKERS, ids=lambda broker: broker.name)
def server(request: pytest.FixtureRequest, server_folder: Path) -> Iterator[Valkey]:
    broker: Broker = request.param
    if broker.program is None:
        pytest.skip(f"{broker.name} is not on this machine")
    folder = server_folder / broker.name.replace(" ", "-")
    server = Valkey(folder, folder.with_suffix(".log"), program=broker.program, options=("--databases", "1024"))
    yield server
    server.stop()


@pytest.fixture
def redis_url(server: Valkey) -> str:
    """An empty database of the broker, of the test's own."""
    return f"{server.url.removesuffix('/0')}/{next(_numbers)}"
