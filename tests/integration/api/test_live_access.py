"""The WebSocket lets in whom the routes let in."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import jwt
import pytest
import websockets
from websockets import Subprotocol

from sentistream_local.pipeline import LocalPipeline
from sentistream_local.ports import HOST, free_port
from support.tokens import SECRET


@pytest.fixture
def guarded(pipeline: LocalPipeline) -> str:
    """Address of the WebSocket of an API that requires tokens."""
    port = free_port()
    pipeline.start_api("api", port, {"JWT_SECRET": SECRET})
    return f"ws://{HOST}:{port}/ws/sentiment"


def subprotocols(*scopes: str, secret: str = SECRET, lifetime: timedelta = timedelta(hours=1)) -> list[Subprotocol]:
    claims = {"sub": "ada", "scope": " ".join(scopes), "exp": datetime.now(UTC) + lifetime}
    return [Subprotocol("sentistream.v1"), Subprotocol(f"bearer.{jwt.encode(claims, secret)}")]


async def test_a_token_that_may_read_is_let_in(guarded: str) -> None:
    async with websockets.connect(guarded, subprotocols=subprotocols("read")) as client:
        assert json.loads(await client.recv())["type"] == "hello"
        assert client.subprotocol == "sentistream.v1"


async def test_a_connection_ends_with_its_token(guarded: str) -> None:
    leeway = timedelta(seconds=10)
    offered = subprotocols("read", lifetime=timedelta(seconds=6) - leeway)
    async with asyncio.timeout(60), websockets.connect(guarded, subprotocols=offered) as client:
        assert json.loads(await client.recv())["type"] == "hello"
        await client.wait_closed()
    assert (client.close_code, client.close_reason) == (4001, "The token has expired.")


@pytest.mark.parametrize(
    "offered",
    [
        None,
        [Subprotocol("sentistream.v1")],
        subprotocols("write"),
        subprotocols("read", secret="another secret, which nobody was told of"),  # noqa: S106
    ],
    ids=["nothing", "no token", "another scope", "another secret"],
)
async def test_others_are_closed_with_4001(guarded: str, offered: list[Subprotocol] | None) -> None:
    async with websockets.connect(guarded, subprotocols=offered) as client:
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await client.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4001
    assert closed.value.rcvd.reason
