"""Pages of other origins, and what browsers are told."""

import httpx
import pytest

from integration.api.conftest import StartApi

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
