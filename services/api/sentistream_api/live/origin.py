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
    page = urlsplit(origin)
    return (
        host is not None
        and page.scheme in _DEFAULT_PORTS
        and _place(page.netloc, page.scheme) == _place(host, page.scheme)
    )


def _place(netloc: str, scheme: str) -> tuple[str | None, int | None]:
    parts = urlsplit(f"//{netloc}")
    try:
        return parts.hostname, parts.port or _DEFAULT_PORTS[scheme]
    except ValueError:  # no port
        return None, None
