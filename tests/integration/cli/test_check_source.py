"""`sentistream check-source` over a stream and a file."""

from argparse import Namespace
from pathlib import Path

import pytest
from pydantic import AnyUrl
from redis.asyncio import Redis

from sentistream_cli.check_source import run
from sentistream_cli.settings import CliSettings
from support.streams import a_post, send, send_raw


async def check(redis_url: str = "redis://127.0.0.1:1/0", **given: object) -> int:
    defaults = {"file": None, "last": 1_000, "source": None, "show": 20}
    return await run(Namespace(**{**defaults, **given}), CliSettings(redis_url=AnyUrl(redis_url)))


async def test_entries_of_a_stream(redis: Redis, redis_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert await check(redis_url) == 2
    await send(redis, [a_post(f"post {number}") for number in range(600)])
    assert await check(redis_url) == 0
    assert "600 entries: 600 create" in capsys.readouterr().out
    broken = await send_raw(redis, {"content": "", "source": "other"})
    assert await check(redis_url, last=10) == 1
    said = capsys.readouterr().out
    assert f"{broken}: error: content is missing or blank" in said
    assert "10 entries: 9 create" in said
    assert await check(redis_url, source="test") == 0


async def test_entries_of_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "entries.ndjson"
    file.write_text('{"content": "one"}\n\n{"content": "half \\ud83d"}\n')
    with file.open() as entries:
        assert await check(file=entries, show=1) == 1
    said = capsys.readouterr().out
    assert "line 1: advice: without id" in said
    assert "and 3 more" in said
    file.write_text('{"content": 5}\n')
    with file.open() as entries, pytest.raises(SystemExit, match="line 1: an entry is one JSON object of strings"):
        await check(file=entries)
