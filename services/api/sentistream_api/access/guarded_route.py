"""Routes that take a body."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.types import Message

from sentistream_api.access.guard import Guard
from sentistream_api.context import context_of
from sentistream_api.http.bodies import Bodies


class GuardedRoute(APIRoute):
    """For the `route_class` of a router: a body is read within limits, and only after the guards admitted the caller.

    FastAPI reads and parses a body before it resolves the route's dependencies.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        if self.body_field is None:
            return handle
        guards = [each.dependency for each in self.dependencies if isinstance(each.dependency, Guard)]

        async def guarded(request: Request) -> Response:
            for guard in guards:
                await guard.admit(request)
            async with context_of(request).get(Bodies).read(request) as body:
                try:
                    return await handle(_with_body(request, body))
                except (RequestValidationError, HTTPException) as error:
                    # A reference cycle (error, FastAPI's frame, body) would keep the body in memory for long.
                    error.__context__ = None
                    raise error.with_traceback(None) from None

        return guarded


def _with_body(request: Request, body: bytes) -> Request:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return Request(request.scope, receive)
