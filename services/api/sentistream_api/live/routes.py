"""WS /ws/sentiment."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from typing import Annotated, Final

from fastapi import APIRouter, WebSocket
from fastapi.exceptions import WebSocketRequestValidationError
from psycopg import Error as DatabaseError
from redis.exceptions import RedisError
from starlette.websockets import WebSocketDisconnect

from sentistream_api import metrics
from sentistream_api.access.caller import Caller
from sentistream_api.access.expiry import expiry
from sentistream_api.access.gate import ForbiddenError, TooManyRequestsError, UnauthorisedError
from sentistream_api.access.keys import KeysUnavailableError
from sentistream_api.access.origin import ForeignOriginError
from sentistream_api.context import provided
from sentistream_api.live.client import Client
from sentistream_api.live.door import Door
from sentistream_api.live.hub import Hub
from sentistream_api.live.messages import (
    CLOSE_BAD_QUERY,
    CLOSE_FOREIGN_ORIGIN,
    CLOSE_TOO_SLOW,
    CLOSE_TRY_AGAIN_LATER,
    CLOSE_UNAUTHORISED,
    SUBPROTOCOL,
    Hello,
)
from sentistream_api.live.subscription import LiveQuery, Subscription
from sentistream_api.validation_errors import describe_errors

router = APIRouter()

_REASON_BYTES: Final = 123
"""RFC 6455, section 5.5: a control frame carries 125 bytes, two of them are the code."""


@router.websocket("/ws/sentiment")
async def sentiment(
    websocket: WebSocket,
    hub: Annotated[Hub, provided(Hub)],
    door: Annotated[Door, provided(Door)],
    query: LiveQuery,
) -> None:
    """Frames as in `messages`; see docs/websocket.md."""
    offered = websocket.scope.get("subprotocols", [])
    await websocket.accept(subprotocol=SUBPROTOCOL if SUBPROTOCOL in offered else None)
    try:
        # The connection was accepted before, or a browser could not see why it is closed.
        caller = await door.admit(websocket, offered)
    except ForeignOriginError as error:
        await _close(websocket, CLOSE_FOREIGN_ORIGIN, str(error))
        return
    except (UnauthorisedError, ForbiddenError) as error:
        await _close(websocket, CLOSE_UNAUTHORISED, str(error))
        return
    except (TooManyRequestsError, KeysUnavailableError) as error:
        await _close(websocket, CLOSE_TRY_AGAIN_LATER, str(error))
        return
    if hub.clients >= door.max_clients:
        await _close(websocket, CLOSE_TRY_AGAIN_LATER, "too many clients")
        return
    client = hub.join(Subscription.of(query))
    try:
        await _serve(websocket, hub, client, caller, query.since)
    except WebSocketDisconnect:
        pass
    except UnauthorisedError as error:
        await _close(websocket, CLOSE_UNAUTHORISED, str(error))
    except (DatabaseError, RedisError):
        await _close(websocket, CLOSE_TRY_AGAIN_LATER, "a dependency is away")
    finally:
        hub.leave(client)
    if client.evicted.is_set():
        metrics.EVICTIONS.inc()
        await _close(websocket, CLOSE_TOO_SLOW, "too slow")


async def refuse_bad_query(websocket: WebSocket, error: WebSocketRequestValidationError) -> None:
    """Accepts and closes at once: a browser shows its page no other answer."""
    await websocket.accept()
    await _close(websocket, CLOSE_BAD_QUERY, describe_errors(error.errors()))


async def _close(websocket: WebSocket, code: int, reason: str) -> None:
    with suppress(WebSocketDisconnect):  # it left by itself meanwhile
        await websocket.close(code, reason.encode()[:_REASON_BYTES].decode(errors="ignore"))


async def _serve(websocket: WebSocket, hub: Hub, client: Client, caller: Caller, since: str | None) -> None:
    """Until the client leaves or is evicted.

    Raises:
        UnauthorisedError: the caller's token has expired.
        psycopg.Error, redis.RedisError: a dependency is away.
    """
    work = (
        _send(websocket, hub, client, since),
        _receive_until_closed(websocket),
        client.evicted.wait(),
        expiry(caller),
    )
    tasks = [asyncio.create_task(each) for each in work]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            await task  # for what it raised
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _send(websocket: WebSocket, hub: Hub, client: Client, since: str | None) -> None:
    await websocket.send_text(Hello(server_time=datetime.now(UTC), interval_ms=hub.interval_ms).model_dump_json())
    await websocket.send_text(await hub.snapshot(client.subscription, since))
    while True:
        await websocket.send_text(await client.next_frame())


async def _receive_until_closed(websocket: WebSocket) -> None:
    """Clients have nothing to say; reading notices when they leave."""
    while (await websocket.receive())["type"] != "websocket.disconnect":
        pass
