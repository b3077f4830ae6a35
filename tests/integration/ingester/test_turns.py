"""Several processes of one source: one reads, the others stand by and take over."""

import signal
from collections.abc import Awaitable, Callable
from typing import Any

from redis.asyncio import Redis

from support.toy.server import Lines
from support.waiting import eventually

Start = Callable[..., Awaitable[Any]]
Stream = Callable[[], Awaitable[list[dict[bytes, bytes]]]]
STANDS_BY = "standing by: another process reads the source"
READS = "reading the source: it is this process's turn"


async def cursor_of(redis: Redis, lines: Lines) -> int:
    return int(await redis.get(f"sentistream:source:{{toy:{lines.port}}}:cursor") or 0)


async def test_one_reads_and_when_it_leaves_the_other_goes_on_from_its_cursor(
    start_toy: Start, lines: Lines, redis: Redis, stream: Stream
) -> None:
    lines.pause_seconds = 0.01
    first = await start_toy()
    before = await eventually(lambda: cursor_of(redis, lines), bool)
    second = await start_toy()
    await second.says(STANDS_BY)
    assert len(lines.asked) == 1

    first.process.terminate()
    assert (await first.end()).exit_code == 0
    await second.says(READS)

    async def asked() -> list[int]:
        return lines.asked

    first_asked, second_asked = await eventually(asked, lambda asked: len(asked) == 2)
    await eventually(lambda: cursor_of(redis, lines), lambda cursor: cursor > second_asked)
    assert (first_asked, second_asked >= before) == (0, True)
    written = {fields[b"content"] for fields in await stream()}
    assert all(f"line {number}".encode() in written for number in range(1, second_asked) if number % 100)
    second.process.terminate()
    await second.end()


async def test_one_that_was_paused_cannot_write_its_cursor_back(start_toy: Start, lines: Lines, redis: Redis) -> None:
    lines.pause_seconds = 0.01
    paused = await start_toy()
    before = await eventually(lambda: cursor_of(redis, lines), bool)
    other = await start_toy()
    await other.says(STANDS_BY)
    paused.process.send_signal(signal.SIGSTOP)
    await other.says(READS)
    seen = [await eventually(lambda: cursor_of(redis, lines), lambda cursor: cursor > before + 200)]

    paused.process.send_signal(signal.SIGCONT)
    await paused.says("the source is left to another process, which took over")
    await paused.says(STANDS_BY)

    async def goes_on() -> int:
        seen.append(await cursor_of(redis, lines))
        return seen[-1]

    await eventually(goes_on, lambda cursor: cursor > seen[0] + 200)
    assert seen == sorted(seen)
    assert len(lines.asked) == 2
    for each in (paused, other):
        each.process.terminate()
        assert (await each.end()).exit_code == 0


async def test_a_broker_that_lost_its_data_does_not_interrupt_the_reader(
    start_toy: Start, lines: Lines, redis: Redis
) -> None:
    lines.pause_seconds = 0.01
    reader = await start_toy()
    before = await eventually(lambda: cursor_of(redis, lines), bool)
    await redis.flushdb()
    await eventually(lambda: cursor_of(redis, lines), lambda cursor: cursor > before)
    assert lines.asked == [0]
    reader.process.terminate()
    assert (await reader.end()).exit_code == 0
