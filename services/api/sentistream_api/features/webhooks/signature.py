"""Whether a request was made lately by somebody who knows the secret: HMAC-SHA256 over time and body."""

import hashlib
import hmac
from typing import Final

TIMESTAMP_HEADER: Final = "X-SentiStream-Timestamp"
SIGNATURE_HEADER: Final = "X-SentiStream-Signature"
_WINDOW_SECONDS: Final = 300
_PREFIX: Final = "sha256="


def sign(secret: str, timestamp: int, body: bytes) -> str:
    """The signature header of a request at `timestamp`, in seconds since 1970."""
    message = f"{timestamp}.".encode() + body
    return _PREFIX + hmac.digest(secret.encode(), message, hashlib.sha256).hex()


def is_signed(secret: str, timestamp: str | None, signature: str | None, body: bytes, *, now: float) -> bool:
    """Whether the headers fit the body, and the time is at most five minutes away from `now`."""
    if timestamp is None or signature is None or not (timestamp.isascii() and timestamp.isdigit()):
        return False
    if len(timestamp) > 12 or abs(now - int(timestamp)) > _WINDOW_SECONDS:  # noqa: PLR2004 (the year 33658)
        return False
    return hmac.compare_digest(sign(secret, int(timestamp), body).encode(), signature.encode())
