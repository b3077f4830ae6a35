"""Tokens and scopes."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest
from pydantic import SecretStr

from integration.api.conftest import StartApi
from support.tokens import SECRET, token


@pytest.fixture
async def guarded(start_api: StartApi) -> httpx.AsyncClient:
    return await start_api(jwt_secret=SecretStr(SECRET), jwt_issuer="issuer", jwt_audience="sentistream")


VALID = {"iss": "issuer", "aud": "sentistream"}


async def test_without_settings_everyone_may_do_everything(api: httpx.AsyncClient) -> None:
    session = (await api.get("/api/session")).json()
    assert session == {"authentication_required": False, "scopes": ["read", "write", "admin"]}


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", "/api/stats", "read"),
        ("GET", "/api/stats/history", "read"),
        ("GET", "/api/posts/recent", "read"),
        ("GET", "/api/posts/search", "read"),
        ("GET", "/api/posts/sources", "read"),
        ("GET", "/api/posts/0197b2a4-6d1c-7c3e-9a55-0c2f6f3f0a11", "read"),
        ("GET", "/api/pipeline", "read"),
        ("POST", "/api/posts", "write"),
        ("GET", "/api/dead-letters", "admin"),
        ("POST", "/api/dead-letters/replay", "admin"),
        ("POST", "/api/dead-letters/delete", "admin"),
        ("POST", "/api/dead-letters/1-0/replay", "admin"),
        ("DELETE", "/api/dead-letters/1-0", "admin"),
    ],
)
async def test_each_route_wants_its_scope(guarded: httpx.AsyncClient, method: str, path: str, scope: str) -> None:
    others = {"read", "write", "admin"} - {scope}
    without = await guarded.request(method, path)
    assert without.status_code == 401
    assert without.headers["www-authenticate"].startswith("Bearer")
    wrong = await guarded.request(method, path, headers=token(*others, **VALID))
    assert wrong.status_code == 403
    assert scope in wrong.json()["detail"]
    right = await guarded.request(method, path, headers=token(scope, **VALID))
    assert right.status_code not in {401, 403}


async def test_a_secret_is_replaced_without_refusing_its_tokens(start_api: StartApi) -> None:
    new = "the secret of the tests that comes after"
    api = await start_api(jwt_secret=SecretStr(new), jwt_former_secret=SecretStr(SECRET))
    for key, status in ((new, 200), (SECRET, 200), ("a secret that was never one of these", 401)):
        assert (await api.get("/api/stats", headers=token("read", key=key))).status_code == status
    expired = token("read", exp=datetime.now(UTC) - timedelta(hours=1))
    assert (await api.get("/api/stats", headers=expired)).status_code == 401


async def test_probes_need_no_token(guarded: httpx.AsyncClient) -> None:
    assert (await guarded.get("/healthz")).status_code == 200
    assert (await guarded.get("/readyz")).status_code == 200


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": datetime(2020, 1, 1, tzinfo=UTC)},
        {"exp": None},
        {"iss": "another"},
        {"aud": "another"},
        {"nbf": datetime(2100, 1, 1, tzinfo=UTC)},
        {"scope": [["read"]]},
        {"sub": "\ud800"},
        {"key": "another secret, also long enough to be one"},
        {"key": "", "algorithm": "none"},
    ],
)
async def test_a_token_that_proves_nothing_is_a_401(guarded: httpx.AsyncClient, claims: dict[str, object]) -> None:
    header = token("read", **{**VALID, **claims})  # type: ignore[arg-type]
    response = await guarded.get("/api/stats", headers=header)
    assert response.status_code == 401
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("value", ["Bearer x", "Bearer a.b.c", "Basic eDp5", "Bearer ", "nonsense"])
async def test_what_is_no_token_is_a_401(guarded: httpx.AsyncClient, value: str) -> None:
    assert (await guarded.get("/api/stats", headers={"Authorization": value})).status_code == 401


async def test_the_session_tells_what_a_token_allows(guarded: httpx.AsyncClient) -> None:
    assert (await guarded.get("/api/session")).json() == {"authentication_required": True, "scopes": []}
    response = await guarded.get("/api/session", headers=token("read", "others:scope", **VALID))
    assert response.json()["scopes"] == ["read"]
    listed = await guarded.get("/api/session", headers=token(**VALID, scope=None, scp=["admin"]))
    assert listed.json()["scopes"] == []  # `scope` counts where both are there
    assert (await guarded.get("/api/session", headers=token(**{**VALID, "aud": "x"}))).status_code == 401
