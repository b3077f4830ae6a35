"""Which web pages may open a WebSocket: browsers let any page try, with the user's address and network."""

from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


def is_allowed_origin(origin: str | None, host: str | None, allowed: Collection[str]) -> bool:
    """Whether a page of that origin may connect to the host that it asked for.

    Programs that are no browsers send no origin, and may. Of pages those of the host itself may, and those of the
    allowed origins; "*" allows all.
    """
    if origin is None or "*" in allowed or origin in allowed:
        return True
    scheme, _, place = origin.partition("://")
    own = None if host is None else _place(host, scheme)
    return own is not None and _place(place, scheme) == own


def _place(host: str, scheme: str) -> tuple[str | None, int] | None:
    """Name and port; None for what is no host of a web page."""
    if scheme not in _DEFAULT_PORTS:
        return None
    try:
        parts = urlsplit(f"//{host}")
        return parts.hostname, parts.port or _DEFAULT_PORTS[scheme]
    except ValueError:
        return None
