"""Tokens of an issuer, checked with the public keys that it publishes."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from pydantic import AnyHttpUrl

from integration.api.conftest import StartApi
from support.tokens import token


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
