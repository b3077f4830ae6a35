"""Which keys of an issuer check signatures."""

from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from sentistream_api.access.jwks import signature_keys

RSA = rsa.generate_private_key(public_exponent=65_537, key_size=2_048).public_key()
RSA_KEY: dict[str, Any] = {
    **jwt.algorithms.RSAAlgorithm.to_jwk(RSA, as_dict=True),
    "kid": "key-1",
    "use": "sig",
    "alg": "RS256",
}
del RSA_KEY["key_ops"]


def changed(**members: object) -> dict[str, object]:
    """The key with other members; None leaves one out."""
    return {name: value for name, value in {**RSA_KEY, **members}.items() if value is not None}


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"use": None},
        {"alg": None},
        {"use": None, "alg": None},
        {"key_ops": ["verify"]},
        {"key_ops": ["sign", "verify"], "use": None},
        {"alg": "PS512"},
        {"x5t": ["whatever"]},
    ],
)
def test_a_key_for_signatures_is_taken(members: dict[str, object]) -> None:
    assert [key.key_id for key in signature_keys({"keys": [changed(**members)]})] == ["key-1"]


def test_other_kinds_of_keys_are_taken() -> None:
    curve = jwt.algorithms.ECAlgorithm.to_jwk(ec.generate_private_key(ec.SECP384R1()).public_key(), as_dict=True)
    edwards = jwt.algorithms.OKPAlgorithm.to_jwk(ed25519.Ed25519PrivateKey.generate().public_key(), as_dict=True)
    keys = signature_keys({"keys": [{**curve, "kid": "a"}, {**edwards, "kid": "b"}]})
    assert [key.algorithm_name for key in keys] == ["ES384", "EdDSA"]


@pytest.mark.parametrize(
    "members",
    [
        {"use": "enc"},
        {"use": "tls"},
        {"use": ["sig"]},
        {"key_ops": ["encrypt"]},
        {"key_ops": []},
        {"key_ops": "verify"},
        {"key_ops": ["wrapKey"], "use": "sig"},
        {"alg": "RSA-OAEP-256"},
        {"alg": "HS256"},
        {"alg": "none"},
        {"alg": "ES256"},
        {"alg": ["RS256"]},
        {"kid": ["key-1"]},
        {"kid": 7},
        {"kty": "EC"},
        {"kty": "oct", "k": "c2VjcmV0", "alg": "HS256"},
        {"kty": "oct", "k": "c2VjcmV0", "alg": None},
        {"kty": ["RSA"]},
        {"n": "!"},
        {"n": 7},
        {"e": None},
    ],
)
def test_a_key_for_something_else_is_passed_over(members: dict[str, object]) -> None:
    other = {**RSA_KEY, "kid": "key-2"}
    assert [key.key_id for key in signature_keys({"keys": [changed(**members), other]})] == ["key-2"]


@pytest.mark.parametrize("document", [{}, {"keys": []}, {"keys": None}, {"keys": "key"}, {"keys": [None, 7, []]}])
def test_a_document_without_such_a_key_is_refused(document: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="no key"):
        signature_keys(document)
