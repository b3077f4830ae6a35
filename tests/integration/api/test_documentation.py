"""/docs: the OpenAPI document as a page, which loads nothing from elsewhere and has no script in it."""

from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest

from integration.api.conftest import StartApi


class Page(HTMLParser):
    """What a page loads, and the text of its scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.references: list[str] = []
        self.inline = ""
        self._in_script = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_script = tag == "script"
        self.references += [value or "" for name, value in attrs if name in ("src", "href") and tag != "a"]
        assert not any(name == "style" or name.startswith("on") for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        if self._in_script:
            self.inline += data.strip()


@pytest.fixture(params=["alone", "with the dashboard"])
async def api(request: pytest.FixtureRequest, start_api: StartApi, tmp_path: Path) -> httpx.AsyncClient:
    if request.param == "alone":
        return await start_api(jwt_secret="0" * 32)
    (tmp_path / "index.html").write_text("<title>dashboard</title>")
    return await start_api(jwt_secret="0" * 32, dashboard_dir=tmp_path)


async def test_all_that_the_page_loads_comes_from_this_server(api: httpx.AsyncClient) -> None:
    response = await api.get("/docs", follow_redirects=True)
    page = Page(response.text)
    assert response.headers["content-type"].startswith("text/html")
    assert "SentiStream API" in response.text
    assert page.inline == ""
    assert len(page.references) == 4
    for reference in page.references:
        address = response.url.join(reference)
        assert (address.scheme, address.host) == (response.url.scheme, response.url.host)
        part = await api.get(address)
        assert part.status_code == 200, reference
        assert part.headers["content-type"].partition(";")[0] in ("text/javascript", "text/css", "image/png")
        assert len(part.content) > 200


@pytest.mark.parametrize("path", ["/docs", "/docs/", "/docs/swagger-ui-bundle.js", "/docs/nothing"])
async def test_its_policy_admits_only_files_of_this_server(api: httpx.AsyncClient, path: str) -> None:
    policy = (await api.get(path)).headers["content-security-policy"]
    directives = dict(each.strip().split(" ", 1) for each in policy.split(";"))
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == directives["style-src"] == directives["connect-src"] == "'self'"


async def test_it_reads_the_version_of_the_document_that_the_api_serves(api: httpx.AsyncClient) -> None:
    assert (await api.get("/openapi.json")).json()["openapi"].startswith("3.1.")
    program = (await api.get("/docs/swagger-ui-bundle.js")).text
    assert 'PACKAGE_VERSION:"5.' in program, "the first that reads OpenAPI 3.1"
    assert "../openapi.json" in (await api.get("/docs/initializer.js")).text


async def test_there_is_one_page_and_nothing_behind_it(start_api: StartApi) -> None:
    api = await start_api()
    for path in ("/redoc", "/docs/nothing", "/docs/../__init__.py", "/docs/%2e%2e/__init__.py"):
        response = await api.get(path)
        assert response.status_code == 404
        assert response.headers["content-type"] == "application/problem+json"
