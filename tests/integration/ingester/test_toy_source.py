"""What the run does for every source, shown by one that is added here: a folder and a line in the list."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.request import urlopen

import pytest
from redis.asyncio import Redis

from sentistream_local.ports import HOST, free_port
from support.streams import PARTITION
from support.toy.server import Lines
from support.waiting import eventually

Start = Callable[..., Awaitable[Any]]
Allow = Callable[..., Awaitable[str]]
Stream = Callable[[], Awaitable[list[dict[bytes, bytes]]]]


async def test_it_has_its_place_in_the_help_with_flags_of_its_own(start: Start) -> None:
    shown = await start("toy", "--help", module="support.toy_ingester")
    said = (await shown.process.stdout.read()).decode()
    assert said.startswith("usage: sentistream-ingester toy [FLAGS] AUTHOR")
    assert "--port VALUE" in said
    assert "SENTISTREAM_TOY_PORT" in said
    assert "--max-backlog" in said


@pytest.mark.parametrize(
    ("arguments", "said"), [(["toy", "ann"], "give --port"), (["toy", "ann", "--port", "1"], "no server on port 1")]
)
async def test_what_it_cannot_work_with_is_explained(start: Start, arguments: list[str], said: str) -> None:
    ended = await (await start(*arguments, module="support.toy_ingester")).end()
    assert ended.exit_code == 2
    assert said in ended.error_output


async def test_killed_it_goes_on_from_a_cursor_before_which_all_is_in_the_stream(
    start_toy: Start, lines: Lines, redis: Redis, stream: Stream
) -> None:
    lines.last, lines.pause_seconds = 6_000, 0.01
    key = f"sentistream:source:{{toy:{lines.port}}}:cursor"

    async def cursor() -> int:
        async with redis.pipeline(transaction=True) as both:
            both.get(key)
            both.xlen(PARTITION.posts)
            saved, length = await both.execute()
        saved = int(saved or 0)
        assert saved - saved // 100 <= length, "lines before the cursor are not in the stream"
        return int(saved)

    running = await start_toy()
    saved = await eventually(cursor, lambda saved: saved > 100)
    running.process.kill()
    await running.process.wait()

    ended = await (await start_toy()).end()
    assert ended.exit_code == 0
    assert await cursor() == 6_000
    first, second = lines.asked
    assert first == 0
    assert saved <= second < lines.last
    written = [fields[b"content"].decode() for fields in await stream()]
    assert set(written) == {f"line {number}" for number in range(1, 6_001) if number % 100}
    assert len({fields[b"id"] for fields in await stream()}) == len(set(written))
    (summary,) = ended.events("ingestion ends")
    assert (summary["source"], summary["complete"]) == ("toy", True)
    assert summary["rejected"] == len([number for number in range(second + 1, 6_001) if number % 100 == 0])
    assert ended.events("record rejected")[0]["reason"] == "no_content"


async def test_the_cursor_waits_for_the_posts_before_it(
    start_toy: Start, lines: Lines, administrator: Redis, allow: Allow
) -> None:
    lines.last = 50
    key = f"sentistream:source:{{toy:{lines.port}}}:cursor"
    running = await start_toy(redis_url=await allow("+@all", "-xadd"))
    await running.says("dependency is away, retrying")
    assert await administrator.get(key) is None
    await allow("+@all")
    ended = await running.end()
    assert ended.exit_code == 0
    assert (await administrator.get(key), await administrator.xlen(PARTITION.posts)) == (b"50", 50)


async def test_a_full_backlog_stops_the_reading_and_so_the_sender(start_toy: Start, lines: Lines, redis: Redis) -> None:
    lines.padding = "." * 1_000
    port = free_port()
    running = await start_toy("--max-backlog", "500", metrics_port=str(port), metrics_host=HOST)

    async def sent() -> tuple[int, ...]:
        seen.append(lines.sent)
        return tuple(seen[-50:])

    seen: list[int] = []
    await eventually(sent, lambda last: lines.sent > 500 and len(last) == 50 and len(set(last)) == 1)
    before = lines.sent
    metrics = await asyncio.to_thread(lambda: urlopen(f"http://{HOST}:{port}/metrics").read().decode())
    assert 'sentistream_ingester_throttle_ratio{source="toy"} 0.0' in metrics
    assert (
        f'sentistream_changes_ingested_total{{kind="create",source="toy"}} {await redis.xlen(PARTITION.posts)}'
        in metrics
    )

    await redis.xtrim(PARTITION.posts, maxlen=0, approximate=False)
    await eventually(sent, lambda _: lines.sent > before)
    running.process.terminate()
    ended = await running.end()
    assert ended.exit_code == 0
    assert len(lines.asked) == 1, "it read on from the same connection"
