"""WS /ws/sentiment."""

import asyncio
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Final

from fastapi import APIRouter, Query, WebSocket
from psycopg import Error as DatabaseError
from redis.exceptions import RedisError
from starlette.websockets import WebSocketDisconnect

from sentistream_api import metrics
from sentistream_api.access.caller import Scope
from sentistream_api.access.gate import ForbiddenError, TooManyRequestsError, UnauthorisedError
from sentistream_api.access.keys import KeysUnavailableError
from sentistream_api.live.client import Client
from sentistream_api.live.hub import Hub
from sentistream_api.live.messages import (
    CLOSE_TOO_SLOW,
    CLOSE_TRY_AGAIN_LATER,
    CLOSE_UNAUTHORISED,
    SUBPROTOCOL,
    TOKEN_SUBPROTOCOL,
    Hello,
)
from sentistream_api.resources import AllResources, Resources

router = APIRouter()

_CURSOR: Final = re.compile(r"\d{1,20}-\d{1,20}")


@router.websocket("/ws/sentiment")
async def sentiment(
    websocket: WebSocket, resources: AllResources, since: Annotated[str | None, Query()] = None
) -> None:
    """Frames as in `messages`; see docs/websocket.md."""
    offered = websocket.scope.get("subprotocols", [])
    await websocket.accept(subprotocol=SUBPROTOCOL if SUBPROTOCOL in offered else None)
    try:
        await _admit(websocket, resources, offered)
    except (UnauthorisedError, ForbiddenError) as error:
        await websocket.close(CLOSE_UNAUTHORISED, str(error))
        return
    except (TooManyRequestsError, KeysUnavailableError) as error:
        await websocket.close(CLOSE_TRY_AGAIN_LATER, str(error))
        return
    hub = resources.hub
    if hub.clients >= resources.max_clients:
        await websocket.close(CLOSE_TRY_AGAIN_LATER, "too many clients")
        return
    cursor = since if since and _CURSOR.fullmatch(since) else None
    client = hub.join()
    try:
        await _serve(websocket, hub, client, cursor)
    except WebSocketDisconnect:
        pass
    except (DatabaseError, RedisError):
        await websocket.close(CLOSE_TRY_AGAIN_LATER, "a dependency is away")
    finally:
        hub.leave(client)


async def _admit(websocket: WebSocket, resources: Resources, offered: Sequence[str]) -> None:
    """As a route that reads. The connection was accepted before, or a browser could not see why it is closed."""
    tokens = [each.removeprefix(TOKEN_SUBPROTOCOL) for each in offered if each.startswith(TOKEN_SUBPROTOCOL)]
    await resources.gate.admit(
        Scope.READ,
        token=tokens[0] if tokens else None,
        peer=websocket.client.host if websocket.client else "unknown",
        forwarded_for=websocket.headers.getlist("x-forwarded-for"),
    )


async def _serve(websocket: WebSocket, hub: Hub, client: Client, since: str | None) -> None:
    await websocket.send_text(Hello(server_time=datetime.now(UTC), interval_ms=hub.interval_ms).model_dump_json())
    await websocket.send_text((await hub.snapshot(since)).model_dump_json())
    tasks = [
        asyncio.create_task(each)
        for each in (_send(websocket, client), _receive_until_closed(websocket), client.evicted.wait())
    ]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    if client.evicted.is_set():
        metrics.EVICTIONS.inc()
        await websocket.close(CLOSE_TOO_SLOW, "too slow")


async def _send(websocket: WebSocket, client: Client) -> None:
    while True:
        await websocket.send_text(await client.next_frame())


async def _receive_until_closed(websocket: WebSocket) -> None:
    """Clients have nothing to say; reading notices when they leave."""
    while (await websocket.receive())["type"] != "websocket.disconnect":
        pass
