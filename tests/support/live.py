"""A client of the API's WebSocket."""

import json
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

import websockets
from websockets.asyncio.client import ClientConnection

from sentistream_local.pipeline import LocalPipeline
from sentistream_local.ports import HOST, free_port

Frame = dict[str, Any]


def start_live_api(pipeline: LocalPipeline, **settings: str) -> str:
    """Start an API; the address of its WebSocket."""
    port = free_port()
    pipeline.start_api("api", port, {"LIVE_INTERVAL_MS": "100", **settings})
    return f"ws://{HOST}:{port}/ws/sentiment"


def join(address: str, query: str = "", **options: Any) -> AbstractAsyncContextManager[ClientConnection]:  # noqa: ANN401
    """A connection; the options are those of `websockets.connect`."""
    return websockets.connect(f"{address}?{query}", max_size=None, **options)


async def next_frame(client: ClientConnection, *kinds: str) -> Frame:
    """The next frame of one of the types; any without."""
    while True:
        frame: Frame = json.loads(await client.recv())
        if not kinds or frame["type"] in kinds:
            return frame


async def updates_until(client: ClientConnection, posts: int) -> list[Frame]:
    """Updates with new posts, until they told of so many."""
    updates: list[Frame] = []
    while sum(update["new_posts"] for update in updates) < posts:
        update = await next_frame(client, "update")
        if update["new_posts"]:
            updates.append(update)
    return updates


def contents(frames: Sequence[Frame]) -> list[str]:
    """The posts' contents, in the order in which they were published."""
    return [post["content"] for frame in frames for post in reversed(frame["posts"])]


async def closed_with(client: ClientConnection) -> tuple[int, str]:
    """Code and reason with which the server closes, after whatever it sends before."""
    closed = None
    while closed is None:
        try:
            await client.recv()
        except websockets.ConnectionClosed as error:
            closed = error
    assert closed.rcvd is not None, "the connection broke without a close frame"
    return closed.rcvd.code, closed.rcvd.reason
