"""Bearer tokens: JSON Web Tokens (RFC 7519) with scopes in `scope` (RFC 8693) or `scp`."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

import jwt
from pydantic import ValidationError

from sentistream_api.access.caller import Caller
from sentistream_api.access.claims import Claims
from sentistream_api.access.keys import Keys, UnknownKeyError

_LEEWAY_SECONDS: Final = 10


class RejectedTokenError(Exception):
    """The token is not accepted; the message may be shown to its sender."""


class TokenVerifier:
    def __init__(self, keys: Keys, *, issuer: str | None, audience: str | None) -> None:
        self._keys = keys
        self._issuer = issuer
        self._audience = audience

    async def verify(self, token: str) -> Caller:
        """Check a token and return its caller.

        Signature, expiry and the types of claims are always checked, issuer and audience if they are set.

        Raises:
            RejectedTokenError: the token is not valid (any more).
            KeysUnavailableError: the token cannot be checked now.
        """
        try:
            keys = await self._keys.find(jwt.get_unverified_header(token))
            claims = Claims.model_validate(self._claims(token, keys))
        except jwt.ExpiredSignatureError as error:
            raise RejectedTokenError("The token has expired.") from error
        except UnknownKeyError as error:
            raise RejectedTokenError("The token is signed with a key that the issuer does not publish.") from error
        except jwt.PyJWTError as error:
            raise RejectedTokenError("The token is not valid here.") from error
        except ValidationError as error:
            names = ", ".join(sorted({str(each["loc"][0]) for each in error.errors()}))
            raise RejectedTokenError(f"The token has invalid claims: {names}.") from error
        return claims.caller(leeway_seconds=_LEEWAY_SECONDS)

    def _claims(self, token: str, keys: Sequence[jwt.PyJWK | str]) -> dict[str, Any]:
        """The claims of a token that one of the keys has signed."""
        *others, last = keys
        for key in others:
            with suppress(jwt.InvalidSignatureError):
                return self._decode(token, key)
        return self._decode(token, last)

    def _decode(self, token: str, key: jwt.PyJWK | str) -> dict[str, Any]:
        return jwt.decode(
            token,
            key,
            algorithms=self._keys.algorithms,
            issuer=self._issuer,
            audience=self._audience,
            leeway=_LEEWAY_SECONDS,
            options={"require": ["exp"], "verify_aud": self._audience is not None},
        )
