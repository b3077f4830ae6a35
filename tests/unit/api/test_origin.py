"""Which pages may open a WebSocket."""

import pytest

from sentistream_api.access.origin import is_allowed_origin

LISTED = ("https://listed.example",)


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        (None, "api.example"),
        ("https://api.example", "api.example"),
        ("https://api.example", "api.example:443"),
        ("http://api.example:80", "api.example"),
        ("http://127.0.0.1:8000", "127.0.0.1:8000"),
        ("http://[::1]:8000", "[::1]:8000"),
        ("https://API.example", "api.example"),
        ("https://listed.example", "api.example"),
    ],
)
def test_programs_the_own_host_and_listed_origins_may(origin: str | None, host: str) -> None:
    assert is_allowed_origin(origin, host, LISTED)


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("https://elsewhere.example", "api.example"),
        ("https://api.example.elsewhere.example", "api.example"),
        ("https://api.example:8443", "api.example"),
        ("http://listed.example", "api.example"),
        ("null", "api.example"),
        ("null", "null"),
        ("", ""),
        ("https://api.example:x", "api.example:x"),
        ("https://[", "["),
        ("file://", "api.example"),
        ("https://api.example", None),
    ],
)
def test_others_may_not(origin: str, host: str | None) -> None:
    assert not is_allowed_origin(origin, host, LISTED)


def test_a_star_lets_all_in() -> None:
    assert is_allowed_origin("https://elsewhere.example", "api.example", ("*",))
