"""Tokens, scopes, rates, origins, sizes."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from uuid import uuid4

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from prometheus_client import REGISTRY
from pydantic import AnyHttpUrl, SecretStr

from integration.api.conftest import StartApi
from sentistream_api.app import create_app
from sentistream_api.settings import ApiSettings
from sentistream_local.valkey import Valkey
from support.waiting import eventually

SECRET = "a secret of the tests, long enough to be one"  # noqa: S105 (signs the tokens of these tests)


def token(*scopes: str, key: object = SECRET, algorithm: str = "HS256", **claims: object) -> dict[str, str]:
    """The header of a request with a token that expires in an hour."""
    payload = {"sub": "ada", "scope": " ".join(scopes), "exp": datetime.now(UTC) + timedelta(hours=1), **claims}
    encoded = jwt.encode(payload, key, algorithm, headers={"kid": "key-1"})  # type: ignore[arg-type]
    return {"Authorization": f"Bearer {encoded}"}


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


class Issuer:
    """Serves its public keys on this machine."""

    def __init__(self) -> None:
        self.private_key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
        self.decryption_key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
        self.requests = 0
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                issuer.requests += 1
                self.send_response(200)
                self.end_headers()
                self.wfile.write(json.dumps({"keys": issuer.public_jwks()}).encode())

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def public_jwks(self) -> list[dict[str, object]]:
        """Keycloak, among others, publishes keys for encryption beside those for signatures."""
        for_signatures = jwt.algorithms.RSAAlgorithm.to_jwk(self.private_key.public_key(), as_dict=True)
        for_encryption = jwt.algorithms.RSAAlgorithm.to_jwk(self.decryption_key.public_key(), as_dict=True)
        del for_encryption["key_ops"]
        return [
            {**for_encryption, "kid": "key-1", "use": "enc"},
            {**for_signatures, "kid": "key-1", "use": "sig", "alg": "RS256"},
            {**for_encryption, "kid": "key-2", "use": "enc"},
        ]

    @property
    def url(self) -> AnyHttpUrl:
        return AnyHttpUrl(f"http://127.0.0.1:{self.server.server_port}/keys")


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    issuer = Issuer()
    yield issuer
    issuer.server.shutdown()
    issuer.server.server_close()


async def test_tokens_of_an_issuer_are_checked_with_its_public_keys(start_api: StartApi, issuer: Issuer) -> None:
    api = await start_api(jwt_jwks_url=issuer.url)
    header = token("read", key=issuer.private_key, algorithm="RS256")
    for _ in range(3):
        assert (await api.get("/api/stats", headers=header)).status_code == 200
    # Signed with a secret, as if the public key were one.
    assert (await api.get("/api/stats", headers=token("read"))).status_code == 401
    for other in (rsa.generate_private_key(public_exponent=65_537, key_size=2_048), issuer.decryption_key):
        assert (await api.get("/api/stats", headers=token("read", key=other, algorithm="RS256"))).status_code == 401
    assert issuer.requests == 1


async def test_a_key_for_encryption_checks_no_token(start_api: StartApi, issuer: Issuer) -> None:
    api = await start_api(jwt_jwks_url=issuer.url)
    claims = {"scope": "read", "exp": datetime.now(UTC) + timedelta(hours=1)}
    forged = jwt.encode(claims, issuer.decryption_key, "RS256", headers={"kid": "key-2"})
    assert (await api.get("/api/stats", headers={"Authorization": f"Bearer {forged}"})).status_code == 401


async def test_while_the_issuer_is_away_tokens_cannot_be_checked(start_api: StartApi, issuer: Issuer) -> None:
    issuer.server.shutdown()
    issuer.server.server_close()
    api = await start_api(jwt_jwks_url=issuer.url)
    response = await api.get("/api/stats", headers=token("read", key=issuer.private_key, algorithm="RS256"))
    assert response.status_code == 503
    assert response.headers["retry-after"]


async def test_a_client_over_its_rate_waits_and_others_do_not(start_api: StartApi) -> None:
    apis = [await start_api(rate_limit="5/minute", trusted_proxy_hops=1) for _ in range(2)]  # two API processes

    async def ask(number: int, address: str) -> httpx.Response:
        return await apis[number % 2].get("/api/stats", headers={"X-Forwarded-For": f"{number}.6.6.6, {address}"})

    answers = [await ask(number, "203.0.113.7") for number in range(7)]
    assert [each.status_code for each in answers] == [200] * 5 + [429] * 2
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 120
    assert answers[-1].headers["content-type"] == "application/problem+json"
    assert (await ask(0, "203.0.113.8")).status_code == 200
    assert (await apis[0].get("/healthz", headers={"X-Forwarded-For": "203.0.113.7"})).status_code == 200


@pytest.mark.parametrize(
    "addresses",
    [
        [f"203.0.113.7:{port}" for port in range(50_000, 50_006)],
        [f"[2001:db8::1]:{port}" for port in range(50_000, 50_006)],
        [f"2001:db8:0:{subnet:x}::1" for subnet in range(6)],
    ],
    ids=["ports", "ports of version 6", "subnets"],
)
async def test_a_client_stays_one_by_any_port_and_in_any_of_its_subnets(
    start_api: StartApi, addresses: list[str]
) -> None:
    api = await start_api(rate_limit="5/minute", trusted_proxy_hops=1)
    answers = [await api.get("/api/stats", headers={"X-Forwarded-For": address}) for address in addresses]
    assert [each.status_code for each in answers] == [200] * 5 + [429]


async def test_who_has_many_sites_has_a_limit_over_all_of_them(start_api: StartApi) -> None:
    api = await start_api(rate_limit="1/minute", trusted_proxy_hops=1)
    addresses = [f"2001:db8:1:{site << 8:x}::1" for site in range(17)]
    answers = [await api.get("/api/stats", headers={"X-Forwarded-For": address}) for address in addresses]
    assert [each.status_code for each in answers] == [200] * 16 + [429]
    assert "16 per 1 minute" in answers[-1].json()["detail"]


async def test_the_rate_is_the_tokens_whatever_the_address(start_api: StartApi) -> None:
    api = await start_api(rate_limit="2/minute", jwt_secret=SecretStr(SECRET), trusted_proxy_hops=1)

    async def ask(subject: str, address: str) -> int:
        header = token("read", sub=subject) | {"X-Forwarded-For": address}
        return (await api.get("/api/stats", headers=header)).status_code

    assert [await ask("ada", f"203.0.113.{number}") for number in range(3)] == [200, 200, 429]
    assert await ask("bob", "203.0.113.0") == 200


async def test_guessing_tokens_is_limited_by_address(start_api: StartApi) -> None:
    api = await start_api(rate_limit="2/minute", jwt_secret=SecretStr(SECRET))
    guesses = [await api.get("/api/stats", headers={"Authorization": f"Bearer {guess}"}) for guess in range(3)]
    assert [each.status_code for each in guesses] == [401, 401, 429]


async def test_without_the_broker_nobody_is_held_back(start_api: StartApi, tmp_path: Path) -> None:
    server = Valkey(tmp_path / "valkey", tmp_path / "valkey.log")
    try:
        api = await start_api(rate_limit="1/minute", redis_url=server.url)
        server.program.kill()
        before = REGISTRY.get_sample_value("sentistream_rate_limit_unavailable_total") or 0
        assert [(await api.get("/api/posts/recent")).status_code for _ in range(3)] == [200] * 3
        assert (REGISTRY.get_sample_value("sentistream_rate_limit_unavailable_total") or 0) == before + 3
        assert (await api.get("/healthz")).status_code == 200
        ready = await api.get("/readyz")
        assert ready.status_code == 503
        pipeline = await eventually(lambda: api.get("/api/pipeline"), lambda response: response.status_code == 503)
        assert pipeline.headers["retry-after"]
        assert (await api.post("/api/posts", json={"content": "x"})).status_code == 503
    finally:
        server.stop()


TAKES_BODY = [
    (method, path.format(post_id=uuid4(), dead_letter_id="1-0"))
    for path, methods in create_app(ApiSettings()).openapi()["paths"].items()
    for method, operation in methods.items()
    if "requestBody" in operation
]


@pytest.mark.parametrize(("method", "path"), TAKES_BODY)
async def test_a_body_is_not_read_before_its_sender_is_known(start_api: StartApi, method: str, path: str) -> None:
    api = await start_api(jwt_secret=SecretStr(SECRET), rate_limit="2/minute")

    async def body() -> AsyncIterator[bytes]:
        pytest.fail("the body was read")
        yield b""

    async def send() -> int:
        headers = {"content-type": "application/json"}
        return (await api.request(method, path, content=body(), headers=headers)).status_code

    assert await send() == 401
    await eventually(send, lambda status: status == 429)


async def test_what_is_no_json_counts_against_the_rate(start_api: StartApi) -> None:
    api = await start_api(rate_limit="2/minute")

    async def send() -> int:
        headers = {"content-type": "application/json"}
        return (await api.post("/api/posts", content=b"{", headers=headers)).status_code

    assert await send() == 400
    await eventually(send, lambda status: status == 429)


async def test_bodies_over_what_a_process_holds_are_a_503(start_api: StartApi) -> None:
    api = await start_api(api_max_body_bytes=2_000)
    may_end = asyncio.Event()
    coming = 0

    async def slow() -> AsyncIterator[bytes]:
        nonlocal coming
        yield b'{"content": "' + b"x" * 1_900
        coming += 1
        await may_end.wait()
        yield b'"}'

    headers = {"content-type": "application/json"}
    others = [asyncio.create_task(api.post("/api/posts", content=slow(), headers=headers)) for _ in range(4)]
    await eventually(lambda: asyncio.sleep(0, coming), lambda coming: coming == 4)
    response = await api.post("/api/posts", json={"content": "x" * 1_000})
    assert response.status_code == 503
    assert response.headers["retry-after"]
    may_end.set()
    assert [(await other).status_code for other in others] == [202] * 4
    assert (await api.post("/api/posts", json={"content": "x" * 1_000})).status_code == 202


async def test_a_large_body_is_a_413(start_api: StartApi) -> None:
    api = await start_api(api_max_body_bytes=2_000)

    async def chunks() -> object:
        for _ in range(30):
            yield b"x" * 100
            await asyncio.sleep(0)

    for content in (b"x" * 3_000, chunks()):
        response = await api.post("/api/posts", content=content, headers={"content-type": "application/json"})  # type: ignore[arg-type]
        assert response.status_code == 413
        assert response.headers["content-type"] == "application/problem+json"


PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}


async def test_a_listed_origin_may_use_the_api_from_a_browser(start_api: StartApi) -> None:
    api = await start_api(cors_origins=("https://a.example", "https://c.example"))
    for origin in ("https://a.example", "https://c.example"):
        preflight = await api.options("/api/posts", headers={"Origin": origin, **PREFLIGHT})
        assert preflight.status_code == 200
        assert preflight.headers["access-control-allow-origin"] == origin
        assert "POST" in preflight.headers["access-control-allow-methods"]
        for path in ("/api/stats", "/api/nothing"):  # a page may read errors, too
            answer = await api.get(path, headers={"Origin": origin})
            assert answer.headers["access-control-allow-origin"] == origin
            assert "Origin" in answer.headers["vary"]
            assert {"ETag", "Retry-After"} <= set(answer.headers["access-control-expose-headers"].split(", "))


@pytest.mark.parametrize("origins", [(), ("https://a.example",)])
@pytest.mark.parametrize("origin", ["https://b.example", "http://a.example", "https://a.example.evil.example", "null"])
async def test_another_origin_may_not(start_api: StartApi, origins: tuple[str, ...], origin: str) -> None:
    api = await start_api(cors_origins=origins)
    preflight = await api.options("/api/posts", headers={"Origin": origin, **PREFLIGHT})
    assert preflight.status_code == 400
    assert "access-control-allow-origin" not in preflight.headers
    answer = await api.get("/api/stats", headers={"Origin": origin})
    assert "access-control-allow-origin" not in answer.headers, "the browser keeps the answer from the page"


async def test_a_method_that_no_route_has_is_not_allowed_to_a_listed_origin(start_api: StartApi) -> None:
    api = await start_api(cors_origins=("https://a.example",))
    preflight = {**PREFLIGHT, "Access-Control-Request-Method": "PUT"}
    assert (await api.options("/api/posts", headers={"Origin": "https://a.example", **preflight})).status_code == 400


async def test_every_answer_tells_browsers_to_be_careful(api: httpx.AsyncClient) -> None:
    for path in ("/api/stats", "/api/nothing", "/healthz"):
        headers = (await api.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert "default-src 'none'" in headers["content-security-policy"]
