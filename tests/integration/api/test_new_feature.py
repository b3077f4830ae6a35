"""A feature is one module more in the list: its route, its problem, its part of the live frames and of the document."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
import uvicorn
from jsonschema import Draft202012Validator
from pydantic import AnyUrl
from redis.asyncio import Redis

from sentistream_api.app import create_app
from sentistream_api.features import FEATURES
from sentistream_api.live.channels import Channels
from sentistream_api.live.websocket_protocol import WebSocketProtocol
from sentistream_api.settings import ApiSettings
from sentistream_local.ports import HOST, free_port
from support import applause
from support.live import closed_with, join, next_frame
from support.posts import a_classified_post, publish
from support.waiting import eventually

WITH_APPLAUSE = (*FEATURES, applause)


@pytest.fixture
async def address(database_url: str, redis_url: str) -> AsyncIterator[str]:
    """Host and port of an API that has the feature."""
    settings = ApiSettings(
        database_url=AnyUrl(database_url), redis_url=AnyUrl(redis_url), metrics_port=0, live_interval_ms=100
    )
    port = free_port()
    app = create_app(settings, WITH_APPLAUSE)
    server = uvicorn.Server(uvicorn.Config(app, HOST, port, log_config=None, ws=WebSocketProtocol))
    serving = asyncio.create_task(server.serve())
    await eventually(lambda: asyncio.sleep(0, server.started), bool)
    yield f"{HOST}:{port}"
    server.should_exit = True
    await serving


async def test_its_route_answers_and_its_problem_is_a_problem_document(address: str, redis: Redis) -> None:
    async with httpx.AsyncClient(base_url=f"http://{address}") as client:
        silence = await client.get("/api/applause")
        assert (silence.status_code, silence.json()["detail"]) == (404, "Nobody has clapped yet.")
        assert silence.headers["content-type"] == "application/problem+json"
        await redis.incr(applause.KEY)
        assert (await client.get("/api/applause")).json() == {"claps": 1}


async def test_its_part_stands_in_the_frames_of_who_asks_for_it(address: str, redis: Redis) -> None:
    document = create_app(ApiSettings(), WITH_APPLAUSE).openapi()
    frames = Draft202012Validator({"$ref": "#/components/schemas/Frame", "components": document["components"]})
    live = f"ws://{address}/ws/sentiment"
    await redis.incr(applause.KEY)
    async with join(live, "applause=true&posts=none") as one, join(live) as other:
        assert (await next_frame(one, "snapshot"))["claps"] == 1
        assert (await next_frame(other, "snapshot"))["claps"] is None
        await redis.incr(applause.KEY)
        update = await eventually(lambda: next_frame(one, "update"), lambda frame: frame["claps"] == 2)
        await publish(redis, [a_classified_post()])
        for client, claps in ((one, 2), (other, None)):
            update = await eventually(lambda client=client: next_frame(client, "update"), lambda it: it["new_posts"])  # type: ignore[misc]
            assert update["claps"] == claps
            assert update["counts"]["total"] == 0
            frames.validate(update)


async def test_its_parameter_is_checked(address: str) -> None:
    async with join(f"ws://{address}/ws/sentiment", "applause=loud") as client:
        code, reason = await closed_with(client)
    assert code == 4000
    assert "query.applause" in reason


def test_the_document_tells_of_its_route_problem_parameter_and_fields() -> None:
    document = create_app(ApiSettings(), WITH_APPLAUSE).openapi()
    route = document["paths"]["/api/applause"]["get"]
    assert set(route["responses"]) == {"200", "401", "403", "404", "429", "500", "503"}
    [example] = route["responses"]["404"]["content"]["application/problem+json"]["examples"].values()
    assert example["summary"] == "Nobody has clapped"
    assert {"name": "applause", "description": applause.__doc__} in document["tags"]
    assert "applause" in {each["name"] for each in document["paths"]["/ws/sentiment"]["get"]["parameters"]}
    for frame in ("Snapshot", "Update"):
        assert "claps" in document["components"]["schemas"][frame]["required"]
        assert document["components"]["schemas"][frame]["examples"][0]["claps"] == 3


def test_fields_of_two_channels_must_differ() -> None:
    channels: Channels = create_app(ApiSettings(), WITH_APPLAUSE).state.context.get(Channels)
    with pytest.raises(ValueError, match="claps is already a field of these frames"):
        channels.add(applause.ApplauseChannel(Redis()))
