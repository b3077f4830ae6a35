"""Web origins: scheme, host and port of a page, as browsers send them in the header Origin (RFC 6454)."""

import re
from collections.abc import Collection
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from sentistream_api.problems import ProblemError

ANY_ORIGIN: Final = "*"

_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_HOST: Final = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]*:[0-9a-f:.]*")
"""A host name in ASCII (punycode for other characters), or an IPv6 address."""


class ForeignOriginError(ProblemError):
    status = HTTPStatus.FORBIDDEN
    summary = "The request comes from a web page whose origin is not allowed"
    example = "Pages of https://a.example may not do this: their origin is not in SENTISTREAM_CORS_ORIGINS."

    def __init__(self, origin: str | None) -> None:
        super().__init__(
            f"Pages of {origin or 'other origins'} may not do this: their origin is not in SENTISTREAM_CORS_ORIGINS."
        )


def is_allowed_origin(origin: str | None, host: str | None, allowed: Collection[str]) -> bool:
    """Whether a page of that origin may use the requested host.

    Allowed are pages of the host itself and of the allowed origins ("*" allows all), and requests without an origin,
    which browsers do not send.
    """
    if origin is None or ANY_ORIGIN in allowed or origin in allowed:
        return True
    scheme = origin.partition("://")[0]
    try:
        return host is not None and serialised_origin(origin) == serialised_origin(f"{scheme}://{host}")
    except ValueError:
        return False


def serialised_origin(url: str) -> str:
    """The origin of a page's address (RFC 6454, section 6.2): in lower case, and with a port only if not the default.

    Raises:
        ValueError: the text is not the address of a web page.
    """
    try:
        parts = urlsplit(url)
        scheme, host, port = parts.scheme, parts.hostname or "", parts.port
    except ValueError:
        scheme, host, port = "", "", None
    if scheme not in _DEFAULT_PORTS or not _HOST.fullmatch(host) or port == 0:
        raise ValueError(f"{url!r} is not a web origin, such as https://a.example or http://10.0.0.1:8080")
    place = f"[{host}]" if ":" in host else host
    return f"{scheme}://{place}" + ("" if port in {None, _DEFAULT_PORTS[scheme]} else f":{port}")


def checked_origin(origin: str) -> str:
    """The origin, if it is written as browsers send it; any other form would never match.

    Raises:
        ValueError: it is not; the message has the right form.
    """
    serialised = serialised_origin(origin)
    if origin != serialised:
        raise ValueError(f"{origin!r} is not what browsers send: write {serialised!r}")
    return origin
