"""WS /ws/sentiment."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, WebSocket
from fastapi.exceptions import WebSocketRequestValidationError
from psycopg import Error as DatabaseError
from redis.exceptions import RedisError
from starlette.websockets import WebSocketDisconnect

from sentistream_api import metrics
from sentistream_api.access.caller import Caller
from sentistream_api.access.expiry import expiry
from sentistream_api.access.origin import ForeignOriginError
from sentistream_api.context import provided
from sentistream_api.live.channels import Channels, LiveQuery
from sentistream_api.live.client import Client
from sentistream_api.live.door import Door
from sentistream_api.live.frames import Hello
from sentistream_api.live.hub import Hub
from sentistream_api.live.protocol import (
    CLOSE_BAD_QUERY,
    CLOSE_FOREIGN_ORIGIN,
    CLOSE_TOO_SLOW,
    CLOSE_TRY_AGAIN_LATER,
    CLOSE_UNAUTHORISED,
    SUBPROTOCOL,
)
from sentistream_api.problems import ProblemError, raises
from sentistream_api.validation_errors import describe_errors

_PATH: Final = "/ws/sentiment"
_REASON_BYTES: Final = 123
"""RFC 6455, section 5.5: a control frame has up to 125 bytes; two of them are the code."""

_CLOSE_CODES: Final = {
    HTTPStatus.UNAUTHORIZED: CLOSE_UNAUTHORISED,
    HTTPStatus.FORBIDDEN: CLOSE_UNAUTHORISED,
    HTTPStatus.TOO_MANY_REQUESTS: CLOSE_TRY_AGAIN_LATER,
    HTTPStatus.SERVICE_UNAVAILABLE: CLOSE_TRY_AGAIN_LATER,
}
"""The close code for each HTTP status that a route would answer with."""

_SWITCHING: Final[dict[int | str, dict[str, Any]]] = {
    101: {
        "description": "A WebSocket; each text frame is one of these",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Frame"}}},
    }
}


class UpgradeRequiredError(ProblemError):
    status = HTTPStatus.UPGRADE_REQUIRED
    summary = "The request does not open a WebSocket"
    example = "Open a WebSocket here: send Upgrade: websocket."
    headers: Mapping[str, str] = {"Upgrade": "websocket", "Connection": "Upgrade"}


def socket_router(channels: Channels) -> APIRouter:
    """The route for the channels that are registered now."""

    async def live(query: LiveQuery) -> None:  # noqa: ARG001 (for the OpenAPI document)
        """A WebSocket with live updates: `hello`, then `snapshot`, then `update` whenever something has changed.

        Offer the subprotocol `sentistream.v1` and, where tokens are required, `bearer.<token>`.
        """
        raise UpgradeRequiredError

    async def sentiment(
        websocket: WebSocket,
        hub: Annotated[Hub, provided(Hub)],
        door: Annotated[Door, provided(Door)],
        query: LiveQuery,
    ) -> None:
        offered = websocket.scope.get("subprotocols", [])
        # Accepted first: otherwise a browser cannot see why the connection was closed.
        await websocket.accept(subprotocol=SUBPROTOCOL if SUBPROTOCOL in offered else None)
        try:
            caller = await door.admit(websocket, offered)
            if hub.clients >= door.max_clients:
                await _close(websocket, CLOSE_TRY_AGAIN_LATER, "too many clients")
            else:
                await _attend(websocket, hub, hub.join(channels.subscription(query)), caller, query.since)
        except ForeignOriginError as error:
            await _close(websocket, CLOSE_FOREIGN_ORIGIN, str(error))
        except ProblemError as problem:
            await _close(websocket, _CLOSE_CODES[problem.status], str(problem))
        except (DatabaseError, RedisError):
            await _close(websocket, CLOSE_TRY_AGAIN_LATER, "a dependency is away")

    for endpoint in (live, sentiment):
        endpoint.__annotations__["query"] = Annotated[channels.query_type(), Query()]
    router = APIRouter(tags=["live"])
    router.add_api_route(_PATH, raises(UpgradeRequiredError)(live), status_code=101, responses=_SWITCHING)
    router.add_api_websocket_route(_PATH, sentiment)
    return router


async def refuse_bad_query(websocket: WebSocket, error: WebSocketRequestValidationError) -> None:
    """Accept the connection and close it at once, so that a browser's page can see the reason."""
    await websocket.accept()
    await _close(websocket, CLOSE_BAD_QUERY, describe_errors(error.errors()))


async def _close(websocket: WebSocket, code: int, reason: str) -> None:
    with suppress(WebSocketDisconnect):  # the client disconnected meanwhile
        await websocket.close(code, reason.encode()[:_REASON_BYTES].decode(errors="ignore"))


async def _attend(websocket: WebSocket, hub: Hub, client: Client, caller: Caller, since: str | None) -> None:
    """Serve the client until it disconnects or is evicted.

    Raises:
        UnauthorisedError: the caller's token has expired.
        psycopg.Error, redis.RedisError: a dependency is away.
    """
    try:
        await _serve(websocket, hub, client, caller, since)
    except WebSocketDisconnect:
        return
    finally:
        hub.leave(client)
    if client.evicted.is_set():
        metrics.EVICTIONS.inc()
        await _close(websocket, CLOSE_TOO_SLOW, "too slow")


async def _serve(websocket: WebSocket, hub: Hub, client: Client, caller: Caller, since: str | None) -> None:
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
    """Ignore messages of the client; reading detects when it disconnects."""
    while (await websocket.receive())["type"] != "websocket.disconnect":
        pass
