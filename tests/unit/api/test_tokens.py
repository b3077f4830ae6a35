"""What a signed token may claim: whoever signs may still err, and what he signs reaches the rate limit and the log."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import jwt
import pytest

from sentistream_api.access.caller import Scope
from sentistream_api.access.keys import SecretKeys
from sentistream_api.access.tokens import RejectedTokenError, TokenVerifier

SECRET = "a secret of the tests, long enough to be one"  # noqa: S105 (signs the tokens of these tests)
HOUR = timedelta(hours=1)


def signed(claims: Mapping[str, object]) -> str:
    """A token with just these claims, whatever their types."""
    return jwt.api_jws.encode(json.dumps(claims).encode(), SECRET, "HS256")


def good(**changed: object) -> dict[str, object]:
    return {"exp": int((datetime.now(UTC) + HOUR).timestamp()), "scope": "read", **changed}


def verifier() -> TokenVerifier:
    return TokenVerifier(SecretKeys([SECRET]), issuer=None, audience=None)


@pytest.mark.parametrize(
    ("claims", "scopes"),
    [
        ({"scope": "read write"}, {Scope.READ, Scope.WRITE}),
        ({"scope": ["admin", "read"]}, {Scope.ADMIN, Scope.READ}),
        ({"scope": "reader", "scp": "read"}, set()),
        ({"scope": None, "scp": ["read"]}, set()),
        ({"scope": ""}, set()),
        ({"scope": ["read write"]}, set()),
    ],
)
async def test_scopes_are_words_or_a_list_of_them(claims: dict[str, object], scopes: set[Scope]) -> None:
    assert (await verifier().verify(signed(good(**claims)))).scopes == scopes


async def test_without_scope_the_list_that_some_issuers_name_scp_counts() -> None:
    claims = good(scp=["read"])
    del claims["scope"]
    assert (await verifier().verify(signed(claims))).scopes == {Scope.READ}


@pytest.mark.parametrize("subject", ["ada", "ada@example.org", "auth0|5f7c8ec7c33c6c004bbafe82", "Ünal", "x" * 255])
async def test_the_subject_is_whose_token_it_is(subject: str) -> None:
    assert (await verifier().verify(signed(good(sub=subject)))).subject == subject


async def test_a_caller_is_one_until_the_token_expires() -> None:
    claims = good(exp=2_000_000_000)
    expires_at = (await verifier().verify(signed(claims))).expires_at
    assert expires_at is not None
    assert 2_000_000_000 <= expires_at <= 2_000_000_000 + 60, "clocks may differ a little"


@pytest.mark.parametrize("seconds", [10**12, 1.5e12, 1e300])
async def test_a_time_past_the_calendar_is_a_time(seconds: float) -> None:
    caller = await verifier().verify(signed(good(exp=seconds)))
    assert caller.expires_at is not None


WRONG: Sequence[dict[str, object]] = [
    {"scope": [["read"]]},
    {"scope": {"read": True}},
    {"scope": 7},
    {"scope": ["read", None]},
    {"scp": [["read"]]},
    {"sub": "\ud800"},
    {"sub": "nul\0"},
    {"sub": "x" * 256},
    {"sub": 7},
    {"sub": ["ada"]},
    {"sub": {"name": "ada"}},
    {"exp": "soon"},
    {"exp": "4102444800"},
    {"exp": [4_102_444_800]},
    {"exp": {}},
    {"exp": True},
    {"exp": float("inf")},
    {"exp": float("nan")},
    {"exp": 10**400},
    {"nbf": float("inf")},
    {"nbf": []},
    {"nbf": "4102444800"},
    {"iat": {}},
    {"iat": float("-inf")},
    {"jti": 7},
]


@pytest.mark.parametrize("claims", WRONG, ids=[json.dumps(each)[:40] for each in WRONG])
async def test_a_claim_of_another_type_proves_nothing(claims: dict[str, object]) -> None:
    with pytest.raises(RejectedTokenError):
        await verifier().verify(signed(good(**claims)))


@pytest.mark.parametrize(
    "payload", [b"", b"7", b"[]", b"null", b'"x"', b"{", b"[" * 100_000, b'{"exp": ' + b"9" * 5_000]
)
async def test_a_payload_that_is_no_object_proves_nothing(payload: bytes) -> None:
    with pytest.raises(RejectedTokenError):
        await verifier().verify(jwt.api_jws.encode(payload, SECRET, "HS256"))
