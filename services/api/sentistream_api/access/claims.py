"""The claims of a token and their types: a valid signature does not mean that the claims are well-formed."""

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat

from sentistream_api.access.caller import Caller, Scope
from sentistream_api.parameters import STORABLE

_MAX_SUBJECT_CHARACTERS: Final = 255
"""The maximum of OpenID Connect Core 1.0, section 2. The subject becomes part of a key in Redis."""

_Subject = Annotated[str, Field(max_length=_MAX_SUBJECT_CHARACTERS), STORABLE]
_Scopes = str | list[str]
"""Scopes separated by spaces (RFC 8693, section 4.2), or a list of scopes."""


class Claims(BaseModel):
    """The claims that this API reads (RFC 7519, section 4.1); other claims are ignored."""

    model_config = ConfigDict(strict=True)  # "1" is not a number

    exp: FiniteFloat
    nbf: FiniteFloat | None = None
    iat: FiniteFloat | None = None
    sub: _Subject | None = None
    scope: _Scopes | None = None
    scp: _Scopes | None = None
    """What some issuers use instead of `scope`; ignored if `scope` is present."""

    def caller(self, *, leeway_seconds: float) -> Caller:
        """The token's caller; accepted until `leeway_seconds` after the token's expiry."""
        return Caller(subject=self.sub, scopes=self._known_scopes(), expires_at=self.exp + leeway_seconds)

    def _known_scopes(self) -> frozenset[Scope]:
        """The token's scopes that this API knows; a token may also have scopes of other services."""
        granted = (self.scope if "scope" in self.model_fields_set else self.scp) or ()
        words = granted.split() if isinstance(granted, str) else granted
        known = set(Scope)
        return frozenset(Scope(word) for word in words if word in known)
