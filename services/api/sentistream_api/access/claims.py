"""What a token claims, by type: its signature says who wrote it, not that he wrote sense."""

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat

from sentistream_api.access.caller import Caller, Scope
from sentistream_api.parameters import STORABLE

_MAX_SUBJECT_CHARACTERS: Final = 255
"""OpenID Connect Core 1.0, section 2, allows a subject no more. It becomes part of a key in Redis."""

_Subject = Annotated[str, Field(max_length=_MAX_SUBJECT_CHARACTERS), STORABLE]
_Scopes = str | list[str]
"""Words with spaces between them (RFC 8693, section 4.2), or a list of words."""


class Claims(BaseModel):
    """The claims that this API reads (RFC 7519, section 4.1); others may have any type."""

    model_config = ConfigDict(strict=True)  # "1" is no number

    exp: FiniteFloat
    nbf: FiniteFloat | None = None
    iat: FiniteFloat | None = None
    sub: _Subject | None = None
    scope: _Scopes | None = None
    scp: _Scopes | None = None
    """What some issuers write instead of `scope`, which counts where both are there."""

    def caller(self, *, leeway_seconds: float) -> Caller:
        """Whose token it is, until so long after its expiry."""
        return Caller(subject=self.sub, scopes=self._known_scopes(), expires_at=self.exp + leeway_seconds)

    def _known_scopes(self) -> frozenset[Scope]:
        """Those that this API knows; a token may carry others' scopes as well."""
        granted = (self.scope if "scope" in self.model_fields_set else self.scp) or ()
        words = granted.split() if isinstance(granted, str) else granted
        known = set(Scope)
        return frozenset(Scope(word) for word in words if word in known)
