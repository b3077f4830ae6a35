"""Whatever goes wrong is a problem document, and nothing of the inside leaves the process."""

import httpx
import psycopg
import pytest

from integration.api.conftest import StartApi
from sentistream_core.database.pool import Pool
from support.posts import a_classified_post, store


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/nothing", 404),
        ("GET", "/nothing", 404),
        ("PUT", "/api/stats", 405),
        ("GET", "/api/posts/no-uuid", 404),
        ("POST", "/api/posts", 400),
    ],
)
async def test_errors_are_problem_documents(api: httpx.AsyncClient, method: str, path: str, status: int) -> None:
    response = await api.request(method, path)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["type"] == "about:blank"
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]


async def test_a_database_error_is_a_503_that_tells_nothing_of_it(
    api: httpx.AsyncClient, pool: Pool, database_url: str
) -> None:
    await store(pool, [a_classified_post()])
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("ALTER TABLE posts RENAME TO gone")
    response = await api.get("/api/posts/recent")
    assert response.status_code == 503
    assert response.headers["retry-after"]
    assert "posts" not in response.text
    assert (await api.get("/healthz")).status_code == 200


async def test_without_the_database_the_process_stays_alive(start_api: StartApi) -> None:
    api = await start_api(database_url="postgresql://postgres@127.0.0.1:1/none", api_read_timeout_seconds=0.3)
    assert (await api.get("/healthz")).status_code == 200
    response = await api.get("/api/stats")
    assert response.status_code == 503
    assert response.headers["content-type"] == "application/problem+json"


async def test_without_the_broker_reads_go_on_and_posts_are_refused(start_api: StartApi, pool: Pool) -> None:
    api = await start_api(redis_url="redis://127.0.0.1:1/0")
    await store(pool, [a_classified_post()])
    assert (await api.get("/api/stats")).json()["counts"]["total"] == 1
    assert len((await api.get("/api/posts/recent")).json()["posts"]) == 1
    assert (await api.get("/healthz")).status_code == 200
    for response in (
        await api.post("/api/posts", json={"content": "x"}),
        await api.get("/api/pipeline"),
        await api.get("/api/dead-letters"),
        await api.get("/readyz"),
    ):
        assert response.status_code == 503
        assert response.headers["retry-after"]
        assert response.headers["content-type"] == "application/problem+json"


async def test_an_error_that_nobody_expected_is_a_500_that_tells_nothing_of_it(
    api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sentistream_api.features.posts.routes.find_post", lambda *_: 1 / 0)
    response = await api.get("/api/posts/0197b2a4-6d1c-7c3e-9a55-0c2f6f3f0a11")
    assert response.status_code == 500
    assert response.headers["content-type"] == "application/problem+json"
    assert "division" not in response.text
    assert "Traceback" not in response.text


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/api/posts", rb'{"content": "x", "\ud800": 1}'),
        ("POST", "/api/posts", rb'{"content": "\ud800"}'),
        ("POST", "/api/posts", rb'{"content": "x", "created_at": "\udfff"}'),
        ("POST", "/api/posts", b'{"content": "x", "created_at": 1e999}'),
        ("POST", "/api/posts", b'{"content": "\xff"}'),
        ("POST", "/api/dead-letters/replay", rb'{"dead_letter_ids": ["\ud800-0"]}'),
        ("GET", "/api/dead-letters?before=%ED%A0%80-0", b""),
        ("GET", "/api/stats/history?bucket=99999999999999999999d", b""),
        ("GET", "/api/stats/history?from=0000-01-01T00:00:00Z", b""),
        ("GET", "/api/posts/search?from=9999-12-31T23:59:59-23:59", b""),
        ("GET", "/api/posts/search?min_score=nan", b""),
        ("GET", "/api/posts/recent?limit=999999999999999999999999", b""),
        ("GET", "/api/stats?window=%00", b""),
    ],
)
async def test_what_no_one_can_mean_is_a_400(api: httpx.AsyncClient, method: str, path: str, body: bytes) -> None:
    headers = {"content-type": "application/json"} if body else {}
    response = await api.request(method, path, content=body, headers=headers)
    assert response.status_code == 400, response.text
    assert response.json()["detail"]


async def test_there_is_no_letter_before_the_first_possible_one(api: httpx.AsyncClient) -> None:
    assert (await api.get("/api/dead-letters?before=0-0")).json()["dead_letters"] == []
