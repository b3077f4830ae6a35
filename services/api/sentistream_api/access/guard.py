"""The gate as a dependency of routes."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Final

from fastapi import Depends, Request, Security
from fastapi.params import Depends as Dependency
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from sentistream_api.access.caller import Caller, Scope
from sentistream_api.access.gate import ForbiddenError, Gate, TooManyRequestsError, UnauthorisedError
from sentistream_api.access.keys import KeysUnavailableError
from sentistream_api.context import provided
from sentistream_api.problems import raises

_BEARER: Final = HTTPBearer(
    bearerFormat="JWT",
    scheme_name="bearer",
    description="A JSON Web Token with the scopes read, write or admin. Needed only where the API is set up so.",
    auto_error=False,
)


def _guard(scope: Scope | None) -> Callable[..., Awaitable[Caller]]:
    @raises(UnauthorisedError, ForbiddenError, TooManyRequestsError, KeysUnavailableError)
    async def guard(
        request: Request,
        gate: Annotated[Gate, provided(Gate)],
        credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)],
    ) -> Caller:
        return await gate.admit(
            scope,
            token=credentials.credentials if credentials else None,
            peer=request.client.host if request.client else "unknown",
            forwarded_for=request.headers.getlist("x-forwarded-for"),
        )

    return guard


def requires(scope: Scope) -> Dependency:
    """For the `dependencies` of a router: only callers with the scope, and within their rate, get in."""
    dependency: Dependency = Depends(_guard(scope))
    return dependency


AnyCaller = Annotated[Caller, Depends(_guard(None))]
"""Whoever asks, within his rate; a token is checked if there is one."""
