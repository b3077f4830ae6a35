"""Web origins: scheme, host and port of a page, as browsers send them in the header Origin (RFC 6454)."""

import re
from typing import Final
from urllib.parse import urlsplit

ANY_ORIGIN: Final = "*"

_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_HOST: Final = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]*:[0-9a-f:.]*")
"""A name as it goes over the wire (with its other characters in punycode), or an address of version 6."""


def serialised_origin(url: str) -> str:
    """The origin of a page's address (RFC 6454, section 6.2): lower case, and a port only if it is not the usual one.

    Raises:
        ValueError: it is no address of a web page.
    """
    try:
        parts = urlsplit(url)
        scheme, host, port = parts.scheme, parts.hostname or "", parts.port
    except ValueError:
        scheme, host, port = "", "", None
    if scheme not in _DEFAULT_PORTS or not _HOST.fullmatch(host) or port == 0:
        raise ValueError(f"{url!r} is no origin of web pages, such as https://a.example or http://10.0.0.1:8080")
    place = f"[{host}]" if ":" in host else host
    return f"{scheme}://{place}" + ("" if port in {None, _DEFAULT_PORTS[scheme]} else f":{port}")


def checked_origin(origin: str) -> str:
    """The origin, if it is written as browsers send it: another would never fit.

    Raises:
        ValueError: it is not, with how it has to be written.
    """
    serialised = serialised_origin(origin)
    if origin != serialised:
        raise ValueError(f"{origin!r} is not what browsers send: write {serialised!r}")
    return origin
