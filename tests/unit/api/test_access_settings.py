"""Settings of access that would not do what they seem to do stop the start, by name."""

import pytest
from pydantic import ValidationError

from sentistream_api.settings import ApiSettings
from sentistream_core.settings import explain

SECRET = "a secret of the tests, long enough to be one"  # noqa: S105 (signs nothing)
KEYS = "https://issuer.example/keys"


def refusal(monkeypatch: pytest.MonkeyPatch, settings: dict[str, str]) -> str:
    """What is printed at the start with these variables."""
    for name, value in settings.items():
        monkeypatch.setenv(f"SENTISTREAM_{name}", value)
    with pytest.raises(ValidationError) as refused:
        ApiSettings()
    return explain(refused.value, ApiSettings)


@pytest.mark.parametrize("name", ["JWT_ISSUER", "JWT_AUDIENCE"])
def test_what_tokens_must_claim_without_a_key_to_check_them(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    printed = refusal(monkeypatch, {name: "https://issuer.example"})
    assert f"SENTISTREAM_{name}" in printed
    assert "SENTISTREAM_JWT_SECRET" in printed
    assert "SENTISTREAM_JWT_JWKS_URL" in printed


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({"JWT_SECRET": "short"}, "JWT_SECRET"),
        ({"JWT_SECRET": ""}, "JWT_SECRET"),
        ({"JWT_SECRET": SECRET, "JWT_JWKS_URL": KEYS}, "JWT_JWKS_URL"),
        ({"JWT_FORMER_SECRET": SECRET}, "JWT_FORMER_SECRET"),
        ({"JWT_SECRET": SECRET, "JWT_ISSUER": ""}, "JWT_ISSUER"),
        ({"JWT_SECRET": SECRET, "JWT_AUDIENCE": ""}, "JWT_AUDIENCE"),
        ({"JWT_JWKS_URL": "issuer.example/keys"}, "JWT_JWKS_URL"),
        ({"RATE_LIMIT": "many"}, "RATE_LIMIT"),
    ],
)
def test_settings_that_would_not_protect(monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], name: str) -> None:
    assert f"SENTISTREAM_{name}" in refusal(monkeypatch, settings)


@pytest.mark.parametrize(
    ("written", "origins"),
    [
        ("", ()),
        ("*", ("*",)),
        ("https://a.example", ("https://a.example",)),
        (
            "https://a.example, http://b.example:8080,http://127.0.0.1:5173,http://[::1]:5173",
            ("https://a.example", "http://b.example:8080", "http://127.0.0.1:5173", "http://[::1]:5173"),
        ),
        ("https://xn--bcher-kva.example", ("https://xn--bcher-kva.example",)),
    ],
)
def test_origins_are_taken_as_browsers_send_them(
    monkeypatch: pytest.MonkeyPatch, written: str, origins: tuple[str, ...]
) -> None:
    monkeypatch.setenv("SENTISTREAM_CORS_ORIGINS", written)
    assert ApiSettings().cors_origins == origins


@pytest.mark.parametrize(
    "origin",
    [
        "a.example",
        "//a.example",
        "https://",
        "https://a.example/",
        "https://a.example/page",
        "https://a.example?x",
        "https://a.example#x",
        "https://user@a.example",
        "https://a.example:x",
        "https://a.example:0",
        "https://a.example:65536",
        "https://a.example:",
        "https://A.example",
        "HTTPS://a.example",
        "https://a.example:443",
        "http://a.example:80",
        "https://bücher.example",
        "https://*.example",
        "https://a example",
        "https://[::1",
        "https://[v6]",
        "ftp://a.example",
        "file:///page",
        "null",
        "*.example",
    ],
)
@pytest.mark.parametrize("others", ["", "https://b.example,"])
def test_an_origin_that_no_browser_sends(monkeypatch: pytest.MonkeyPatch, origin: str, others: str) -> None:
    printed = refusal(monkeypatch, {"CORS_ORIGINS": others + origin})
    assert "SENTISTREAM_CORS_ORIGINS" in printed
    assert repr(origin) in printed


@pytest.mark.parametrize("origins", ["*,https://a.example", "https://a.example,*"])
def test_all_origins_beside_some(monkeypatch: pytest.MonkeyPatch, origins: str) -> None:
    printed = refusal(monkeypatch, {"CORS_ORIGINS": origins})
    assert "SENTISTREAM_CORS_ORIGINS" in printed
    assert "alone" in printed


@pytest.mark.parametrize(
    ("origin", "form"),
    [
        ("https://A.example:443/", "https://a.example"),
        ("HTTP://a.example:80", "http://a.example"),
        ("https://a.example/page?x", "https://a.example"),
    ],
)
def test_what_is_nearly_an_origin_is_told_how_to_be_written(
    monkeypatch: pytest.MonkeyPatch, origin: str, form: str
) -> None:
    assert f"{form!r}" in refusal(monkeypatch, {"CORS_ORIGINS": origin})
