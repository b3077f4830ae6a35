"""Which methods a path has, with and without the dashboard behind the API's own paths."""

from pathlib import Path

import httpx
import pytest

from integration.api.conftest import StartApi


@pytest.fixture(params=["alone", "with the dashboard"])
async def api(request: pytest.FixtureRequest, start_api: StartApi, tmp_path: Path) -> httpx.AsyncClient:
    if request.param == "alone":
        return await start_api()
    (tmp_path / "index.html").write_text("<title>dashboard</title>")
    return await start_api(dashboard_dir=tmp_path)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/api/stats", "GET"),
        ("PUT", "/api/posts/recent", "GET"),
        ("GET", "/api/posts", "POST"),
        ("DELETE", "/api/dead-letters/replay", "POST"),
        ("DELETE", "/api/posts/recent", "GET"),
        ("PUT", "/api/posts/0197b2a4-6d1c-8c3e-9a55-0c2f6f3f0a11", "DELETE, GET"),
        ("PATCH", "/healthz", "GET"),
    ],
)
async def test_a_method_that_a_path_lacks_is_a_405_that_names_those_it_has(
    api: httpx.AsyncClient, method: str, path: str, allowed: str
) -> None:
    response = await api.request(method, path)
    assert response.status_code == 405
    assert response.headers["allow"] == allowed
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/healthz", "/api/stats", "/api/nothing"])
async def test_head_is_answered_as_get(api: httpx.AsyncClient, path: str) -> None:
    head, get = await api.head(path), await api.get(path)
    assert head.status_code == get.status_code
    assert head.headers["content-type"] == get.headers["content-type"]


async def test_a_path_of_the_dashboard_is_its_page(start_api: StartApi, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<title>dashboard</title>")
    api = await start_api(dashboard_dir=tmp_path)
    for path in ("/", "/posts", "/pipeline/deep"):
        assert "<title>dashboard</title>" in (await api.get(path)).text
    assert (await api.get("/api/nothing")).status_code == 404
