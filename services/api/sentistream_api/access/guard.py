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
    description="A JSON Web Token with the scopes read, write or admin. Needed only if the API requires tokens.",
    auto_error=False,
)
_ADMITTED: Final = "sentistream.admitted"
"""Key in the ASGI scope: the guards that have admitted the request, each with the caller."""


class Guard:
    def __init__(self, scope: Scope | None, rate: Rate) -> None:
        self._scope = scope
        self._rate = rate

    async def admit(self, request: Request) -> Caller:
        """Admit the request. Further calls for the same request return the same caller without another check.

        Raises:
            UnauthorisedError, ForbiddenError, TooManyRequestsError: the request is refused.
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
    """For the `dependencies` of a router: admits only callers that have the scope and are within their rate."""
    return _guard(scope, rate)


ANYBODY: Final = _guard(None)
"""Whoever asks gets in, within his rate; a token is checked if there is one."""
AnyCaller = Annotated[Caller, ANYBODY]
