"""The command sentistream-ingester bluesky."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from support.bluesky_ingester import Ingester


async def test_the_command_reads_until_it_is_told_to_stop(
    start: Callable[..., Awaitable[Any]], ingester: Ingester
) -> None:
    server = ingester.server
    protocol = ingester.settings.bluesky_protocol
    running = await start("bluesky", "--url", server.url, "--protocol", protocol)
    await ingester.connected()
    server.post("hello from the other side")
    server.post("Endlich Wochenende und die Sonne scheint")
    await ingester.has_exactly(["hello from the other side"])
    running.process.terminate()
    ended = await running.end()
    assert ended.exit_code == 0
    (summary,) = ended.events("ingestion ends")
    assert (summary["posts"], summary["skipped"]) == (1, 1)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [(["--url", "https://example.com"], 78, "--url"), (["--languages", "English"], 78, "--languages")],
)
async def test_what_it_cannot_work_with_is_explained(
    start: Callable[..., Awaitable[Any]], arguments: list[str], code: int, said: str
) -> None:
    ended = await (await start("bluesky", *arguments)).end()
    assert ended.exit_code == code
    assert said in ended.error_output
