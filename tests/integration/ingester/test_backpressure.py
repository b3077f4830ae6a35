"""Back-pressure with a broker that does not tell everything: its ACL forbids this user a command."""

from collections.abc import Awaitable, Callable
from typing import Any

from support.waiting import eventually

Start = Callable[..., Awaitable[Any]]
Entries = Callable[[], Awaitable[int]]
Allow = Callable[..., Awaitable[str]]


async def stands_still(entries: Entries) -> int:
    """Wait until nothing is written any more; how much was."""
    seen: list[int] = []

    async def is_still() -> bool:
        seen.append(await entries())
        return len(seen) > 50 and len(set(seen[-50:])) == 1

    await eventually(is_still, bool)
    return seen[-1]


async def test_without_info_the_backlog_still_brakes_and_the_log_says_so_once(
    start: Start, allow: Allow, entries: Entries
) -> None:
    url = await allow("+@all", "-info")
    running = await start("--rate", "2000", "--max-backlog", "500", redis_url=url)
    await eventually(entries, lambda length: length >= 500)
    await stands_still(entries)
    running.process.terminate()
    ended = await running.end()
    assert ended.exit_code == 0
    (unknown,) = ended.events("a limit is not kept, because its measure is unknown")
    assert unknown["limit"] == "SENTISTREAM_INGESTER_MAX_MEMORY_SHARE"
    assert "info" in unknown["error"]
    assert ended.events("back-pressure begins")[0]["backlog"] > 400


async def test_without_any_measure_nothing_is_written_until_there_is_one(
    start: Start, allow: Allow, entries: Entries
) -> None:
    url = await allow("+@all", "-info", "-xinfo")
    running = await start("--rate", "200", redis_url=url)
    await running.says("back-pressure begins")
    before = await stands_still(entries)
    await allow("+@all", "-info")
    await eventually(entries, lambda length: length > before + 50)
    running.process.terminate()
    ended = await running.end()
    assert [line["limit"] for line in ended.events("a limit is not kept, because its measure is unknown")] == [
        "SENTISTREAM_INGESTER_MAX_MEMORY_SHARE",
        "SENTISTREAM_INGESTER_MAX_BACKLOG",
    ]
    (known,) = ended.events("a limit is kept again")
    assert known["limit"] == "SENTISTREAM_INGESTER_MAX_BACKLOG"


async def test_limits_that_are_switched_off_are_not_measured(start: Start, allow: Allow, entries: Entries) -> None:
    url = await allow("+xadd", "+client")
    off = ("--max-backlog", "0", "--max-memory-share", "0")
    ended = await (await start("--rate", "5000", "--total", "1000", *off, redis_url=url)).end()
    assert (ended.exit_code, await entries()) == (0, 1000)
    assert not ended.events("a limit is not kept, because its measure is unknown")
