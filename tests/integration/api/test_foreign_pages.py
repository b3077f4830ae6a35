"""What a page of another origin cannot make its visitor's browser do (cross-site request forgery)."""

import httpx
import pytest
from redis.asyncio import Redis

from integration.api.conftest import StartApi
from support.dead_letters import add_letter
from support.streams import PARTITION

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
"""What a page may send anywhere without asking first (Fetch, CORS-safelisted request headers)."""


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://other.api"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "nonsense"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://api.evil.example"},
        {"Origin": "http://api:8000"},
    ],
)
async def test_a_page_of_another_origin_changes_nothing(
    api: httpx.AsyncClient, redis: Redis, headers: dict[str, str]
) -> None:
    letter = await add_letter(redis)
    for method, path in (
        ("POST", f"/api/dead-letters/{letter}/replay"),
        ("DELETE", f"/api/dead-letters/{letter}"),
        ("POST", "/api/posts"),
        ("PUT", "/api/nothing"),
    ):
        answer = await api.request(method, path, headers=FORM | headers)
        assert answer.status_code == 403
        assert answer.headers["content-type"] == "application/problem+json"
        assert "access-control-allow-origin" not in answer.headers
    assert await redis.xlen(PARTITION.dead_letters) == 1
    assert await redis.xlen(PARTITION.posts) == 0
    assert (await api.get("/api/stats", headers=headers)).status_code == 200, "reading is not refused: it is not shown"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://api"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://public.example"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://api"},
        {"Origin": "http://API:80"},
    ],
    ids=[
        "a program",
        "a page",
        "a page behind a proxy that changes the host",
        "the user",
        "by plain HTTP",
        "spelled out",
    ],
)
async def test_programs_and_pages_of_the_own_origin_may_change_things(
    api: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    assert (await api.post("/api/posts", json={"content": "x"}, headers=headers)).status_code == 202


@pytest.mark.parametrize("origins", [("https://a.example",), ("*",)])
async def test_pages_of_listed_origins_may_change_things(start_api: StartApi, origins: tuple[str, ...]) -> None:
    api = await start_api(cors_origins=origins)
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://a.example"}
    answer = await api.post("/api/posts", json={"content": "x"}, headers=headers)
    assert answer.status_code == 202
    assert answer.headers["access-control-allow-origin"] in {"https://a.example", "*"}
