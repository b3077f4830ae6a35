"""Admits or refuses a request: it checks token, rate and scope, in this order."""

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus

from redis.asyncio import Redis

from sentistream_api.access.address import client_address, client_networks
from sentistream_api.access.caller import EVERYONE, STRANGER, Caller, Rate, Scope
from sentistream_api.access.keys import IssuerKeys, Keys, SecretKeys
from sentistream_api.access.rate_limit import RateLimit
from sentistream_api.access.settings import AccessSettings
from sentistream_api.access.tokens import RejectedTokenError, TokenVerifier
from sentistream_api.problems import ProblemError


class UnauthorisedError(ProblemError):
    status = HTTPStatus.UNAUTHORIZED
    summary = "A bearer token is required, or the one sent is not valid"
    example = "A bearer token is required."
    headers: Mapping[str, str] = {"WWW-Authenticate": "Bearer"}


class ForbiddenError(ProblemError):
    status = HTTPStatus.FORBIDDEN
    summary = "The token lacks the scope"
    example = "The token does not have the scope 'write'."
    headers: Mapping[str, str] = {"WWW-Authenticate": 'Bearer error="insufficient_scope"'}


class TooManyRequestsError(ProblemError):
    status = HTTPStatus.TOO_MANY_REQUESTS
    summary = "Too many requests; Retry-After tells when to try again"
    example = "More requests than 6000 per 1 minute. Try again in 7 s."
    headers: Mapping[str, str] = {"Retry-After": "7"}

    def __init__(self, seconds: int, limit: str, rate: Rate = Rate.REQUESTS) -> None:
        super().__init__(f"More {rate} than {limit}. Try again in {seconds} s.")
        self.headers = {"Retry-After": str(seconds)}


class Gate:
    def __init__(self, verifier: TokenVerifier | None, limits: Mapping[Rate, RateLimit], trusted_hops: int) -> None:
        self._verifier = verifier
        self._limits = limits
        self._trusted_hops = trusted_hops

    @property
    def requires_token(self) -> bool:
        return self._verifier is not None

    async def identify(self, token: str | None) -> Caller:
        """The caller; `STRANGER` if a token is required and there is none.

        Raises:
            UnauthorisedError: the token is not valid.
            KeysUnavailableError: the token cannot be checked now.
        """
        if self._verifier is None:
            return EVERYONE
        if token is None:
            return STRANGER
        try:
            return await self._verifier.verify(token)
        except RejectedTokenError as error:
            raise UnauthorisedError(str(error)) from error

    async def admit(
        self, scope: Scope | None, rate: Rate, *, token: str | None, peer: str, forwarded_for: Sequence[str]
    ) -> Caller:
        """Admit a request and return its caller.

        Refused requests also count against the rate: that of the token's subject, or else of the address.

        Raises:
            TooManyRequestsError, UnauthorisedError, ForbiddenError: the request is refused.
            KeysUnavailableError: the token cannot be checked now. Such a request is not counted.
        """
        refusal = None
        try:
            caller = await self.identify(token)
        except UnauthorisedError as error:
            caller, refusal = STRANGER, error
        await self._count(rate, caller, client_address(peer, forwarded_for, self._trusted_hops))
        if refusal:
            raise refusal
        if scope is None or scope in caller.scopes:
            return caller
        if caller is STRANGER:
            raise UnauthorisedError
        raise ForbiddenError(f"The token does not have the scope {scope.value!r}.")

    async def _count(self, rate: Rate, caller: Caller, address: str) -> None:
        limit = self._limits.get(rate)
        if limit is None:
            return
        if caller.subject:
            counted: Iterable[tuple[str, int]] = ((f"sub:{caller.subject}", 1),)
        else:
            counted = ((f"address:{network}", times) for network, times in client_networks(address))
        for identity, times in counted:
            if seconds := await limit.seconds_to_wait(f"{rate}:{identity}", times):
                raise TooManyRequestsError(seconds, str(limit.of(times)), rate)


def create_gate(settings: AccessSettings, redis: Redis) -> Gate:
    """Create the gate as configured by the settings."""
    keys: Keys | None = None
    if settings.jwt_secret:
        secrets = (settings.jwt_secret, settings.jwt_former_secret)
        keys = SecretKeys([secret.get_secret_value() for secret in secrets if secret])
    elif settings.jwt_jwks_url:
        keys = IssuerKeys(str(settings.jwt_jwks_url))
    verifier = TokenVerifier(keys, issuer=settings.jwt_issuer, audience=settings.jwt_audience) if keys else None
    limits = {rate: RateLimit(redis, limit) for rate, limit in settings.rate_limits.items()}
    return Gate(verifier, limits, settings.trusted_proxy_hops)
