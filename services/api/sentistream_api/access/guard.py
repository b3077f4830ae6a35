"""The gate as a dependency of routes."""

from typing import Annotated, Final

from fastapi import Depends, Request, Security
from fastapi.params import Depends as Dependency
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from sentistream_api.access.caller import Caller, Rate, Scope
from sentistream_api.access.gate import ForbiddenError, Gate, TooManyRequestsError, UnauthorisedError
from sentistream_api.access.keys import KeysUnavailableError
from sentistream_api.context import context_of
from sentistream_api.problems import raises

_BEARER: Final = HTTPBearer(
    bearerFormat="JWT",
    scheme_name="bearer",
    description="A JSON Web Token with the scopes read, write or admin. Needed only where the API is set up so.",
    auto_error=False,
)
_ADMITTED: Final = "sentistream.admitted"
"""In the ASGI scope: the caller by each guard that has let the request in."""


class Guard:
    def __init__(self, scope: Scope | None, rate: Rate) -> None:
        self._scope = scope
        self._rate = rate

    async def admit(self, request: Request) -> Caller:
        """Let the request in, once, however often this is asked.

        Raises:
            UnauthorisedError, ForbiddenError, TooManyRequestsError: it may not.
            KeysUnavailableError: its token cannot be checked now.
        """
        admitted: dict[Guard, Caller] = request.scope.setdefault(_ADMITTED, {})
        if self not in admitted:
            credentials = await _BEARER(request)
            admitted[self] = (
                await context_of(request)
                .get(Gate)
                .admit(
                    self._scope,
                    self._rate,
                    token=credentials.credentials if credentials else None,
                    peer=request.client.host if request.client else "unknown",
                    forwarded_for=request.headers.getlist("x-forwarded-for"),
                )
            )
        return admitted[self]

    async def __call__(
        self, request: Request, _: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)]
    ) -> Caller:
        return await self.admit(request)


def _guard(scope: Scope | None, rate: Rate = Rate.REQUESTS) -> Dependency:
    guard = raises(UnauthorisedError, ForbiddenError, TooManyRequestsError, KeysUnavailableError)(Guard(scope, rate))
    dependency: Dependency = Depends(guard)
    return dependency


def requires(scope: Scope, rate: Rate = Rate.REQUESTS) -> Dependency:
    """For the `dependencies` of a router: only callers with the scope, and within their rate, get in."""
    return _guard(scope, rate)


ANYBODY: Final = _guard(None)
"""Whoever asks gets in, within his rate; a token is checked if there is one."""
AnyCaller = Annotated[Caller, ANYBODY]
