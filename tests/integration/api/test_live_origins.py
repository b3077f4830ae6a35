"""WS /ws/sentiment: from whose pages, and how many at a time."""

import pytest
import websockets

from sentistream_local.pipeline import LocalPipeline
from support.live import closed_with, join, next_frame, start_live_api
from support.waiting import eventually


@pytest.mark.parametrize("origin", [None, "same", "https://listed.example"])
async def test_programs_own_pages_and_listed_origins_may_connect(pipeline: LocalPipeline, origin: str | None) -> None:
    live = start_live_api(pipeline, CORS_ORIGINS="https://listed.example")
    own = live.replace("ws:", "http:").removesuffix("/ws/sentiment")
    async with join(live, origin=own if origin == "same" else origin) as client:
        assert (await next_frame(client))["type"] == "hello"


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "https://127.0.0.1"])
async def test_pages_of_other_origins_are_closed_with_4003(live: str, origin: str) -> None:
    async with join(live, origin=origin) as client:
        code, reason = await closed_with(client)
    assert code == 4003
    assert origin in reason


async def test_the_origin_check_can_be_switched_off(pipeline: LocalPipeline) -> None:
    live = start_live_api(pipeline, LIVE_CHECK_ORIGIN="false")
    async with join(live, origin="https://elsewhere.example") as client:
        assert (await next_frame(client))["type"] == "hello"


async def test_the_cap_refuses_one_more_and_lets_the_next_in_after_one_left(pipeline: LocalPipeline) -> None:
    live = start_live_api(pipeline, LIVE_MAX_CLIENTS="1")
    async with join(live) as first:
        await next_frame(first, "snapshot")
        async with join(live) as second:
            assert await closed_with(second) == (1013, "too many clients")

    async def kind_of_second_frame() -> str:
        async with join(live) as third:
            try:
                return str((await next_frame(third))["type"])
            except websockets.ConnectionClosed:
                return "closed"

    await eventually(kind_of_second_frame, lambda kind: kind == "hello")
