import pytest

from support.command import Command


@pytest.fixture
def sentistream(redis_url: str, database_url: str) -> Command:
    return Command(redis_url, database_url)
