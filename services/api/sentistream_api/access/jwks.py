"""The signature keys of a JSON Web Key Set (RFC 7517)."""

from collections.abc import Mapping
from typing import Annotated, Final, Literal, get_args

from jwt import PyJWK
from jwt.exceptions import PyJWTError
from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

_Algorithm = Literal["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
ALGORITHMS: Final[tuple[str, ...]] = get_args(_Algorithm)
"""Only asymmetric ones: a public key must never be used as the secret of an HS256 token."""


def _verifies(operations: list[str]) -> list[str]:
    if "verify" not in operations:
        raise ValueError("not meant for checking signatures")
    return operations


class _Purpose(BaseModel):
    """The declared purpose of a key (RFC 7517, section 4): none, or signatures."""

    model_config = ConfigDict(strict=True)

    kty: Literal["RSA", "EC", "OKP"]
    kid: str | None = None
    alg: _Algorithm | None = None
    use: Literal["sig"] | None = None
    key_ops: Annotated[list[str], AfterValidator(_verifies)] | None = None


def signature_keys(key_set: Mapping[str, object]) -> list[PyJWK]:
    """The valid keys that are meant for signatures by one of the algorithms; others are skipped.

    Raises:
        ValueError: there is none.
    """
    keys = key_set.get("keys")
    found = [key for each in keys if (key := _signature_key(each))] if isinstance(keys, list) else []
    if not found:
        raise ValueError("the key set holds no key that checks signatures")
    return found


def _signature_key(jwk: object) -> PyJWK | None:
    try:
        _Purpose.model_validate(jwk)
        key = PyJWK(jwk)  # type: ignore[arg-type]  # an object, as the model requires
    except (ValidationError, PyJWTError):
        return None
    return key if key.algorithm_name in ALGORITHMS else None  # without `alg`, PyJWK derives it from type and curve
