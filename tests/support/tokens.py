"""Tokens that an API of the tests takes."""

from datetime import UTC, datetime, timedelta
from typing import Final

import jwt

SECRET: Final = "a secret of the tests, long enough to be one"  # noqa: S105 (signs the tokens of these tests)


def token(*scopes: str, key: object = SECRET, algorithm: str = "HS256", **claims: object) -> dict[str, str]:
    """The header of a request with a token that expires in an hour."""
    payload = {"sub": "ada", "scope": " ".join(scopes), "exp": datetime.now(UTC) + timedelta(hours=1), **claims}
    encoded = jwt.encode(payload, key, algorithm, headers={"kid": "key-1"})  # type: ignore[arg-type]
    return {"Authorization": f"Bearer {encoded}"}
