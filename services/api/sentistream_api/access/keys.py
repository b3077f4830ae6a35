"""The keys for checking tokens: shared secrets, or the public keys of an issuer (JWKS, RFC 7517)."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Final, Protocol

from jwt import PyJWK, PyJWKClient
from jwt.exceptions import PyJWKClientError

from sentistream_api.access import jwks
from sentistream_api.problems import ProblemError
from sentistream_core.dependency import describe_error
from sentistream_core.log import get_logger

_FRESH_SECONDS: Final = 300.0
_AGAIN_AFTER_SECONDS: Final = 10.0
"""Shortest time between two fetches: a token with an invented key id must not cause a request to the issuer."""


class UnknownKeyError(Exception):
    """No key fits the token."""


class KeysUnavailableError(ProblemError):
    """The issuer's keys could not be fetched, and none are known."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    summary = "The issuer of tokens is away"
    example = "Tokens cannot be checked at the moment. Try again later."
    headers: Mapping[str, str] = {"Retry-After": "10"}


class Keys(Protocol):
    @property
    def algorithms(self) -> tuple[str, ...]:
        """The accepted algorithms, as named in JWT headers."""

    async def find(self, header: Mapping[str, object], /) -> Sequence[PyJWK | str]:
        """The keys that may have signed a token with this header.

        Raises:
            UnknownKeyError: there is none.
            KeysUnavailableError: no keys are known, because they could not be fetched.
        """


class SecretKeys:
    """Shared secrets; there are two while a secret is being replaced."""

    algorithms = ("HS256",)

    def __init__(self, secrets: Sequence[str]) -> None:
        self._secrets = secrets

    async def find(self, _: Mapping[str, object], /) -> Sequence[str]:
        return self._secrets


class IssuerKeys:
    """The keys of an issuer.

    They are fetched when a token needs them: at first use, when they are older than five minutes, or for an unknown key
    id. If the issuer is away, the last known keys are used.
    """

    algorithms = jwks.ALGORITHMS

    def __init__(self, url: str) -> None:
        self._client = PyJWKClient(url, cache_keys=False, cache_jwk_set=False, timeout=5)
        self._keys: Sequence[PyJWK] = ()
        self._fetched_at = float("-inf")
        self._tried_at = float("-inf")
        self._lock = asyncio.Lock()

    async def find(self, header: Mapping[str, object], /) -> Sequence[PyJWK]:
        if header.get("alg") not in self.algorithms:
            raise UnknownKeyError
        now = time.monotonic()
        is_stale = now - self._fetched_at > _FRESH_SECONDS
        if (is_stale or not self._fitting(header)) and now - self._tried_at > _AGAIN_AFTER_SECONDS:
            async with self._lock:
                if time.monotonic() - self._tried_at > _AGAIN_AFTER_SECONDS:
                    await self._fetch()
        if not self._keys:
            raise KeysUnavailableError
        fitting = self._fitting(header)
        if not fitting:
            raise UnknownKeyError
        return fitting

    def _fitting(self, header: Mapping[str, object]) -> Sequence[PyJWK]:
        """The keys with the header's id and algorithm: an id may occur with several types (RFC 7517, section 4.5)."""
        sought = (header.get("kid"), header.get("alg"))
        return [key for key in self._keys if (key.key_id, key.algorithm_name) == sought]

    async def _fetch(self) -> None:
        try:
            found = jwks.signature_keys(await asyncio.to_thread(self._client.fetch_data))
        except (PyJWKClientError, ValueError) as error:
            get_logger().warning("the issuer's keys could not be fetched", error=describe_error(error))
        else:
            self._keys = found
            self._fetched_at = time.monotonic()
        self._tried_at = time.monotonic()
