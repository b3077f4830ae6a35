"""GET /api/posts/search: words of any language, hashtags, mentions and emoji."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from itertools import count

import httpx
import pytest
from psycopg.errors import QueryCanceled

from integration.api.conftest import StartApi
from sentistream_core.classified_post import ProcessedPost
from sentistream_core.database import post_search
from sentistream_core.database.pool import Pool
from sentistream_core.sentiment import Label
from support.posts import a_classified_post, an_id, move_in_time, store

CONTENTS = [
    "I love #Coffee☕ at @Bob's place",
    "coffee is fine, write to me@bob.com",
    "Tea, not coffee 👍🏽",
    "der Zug ist schon wieder verspätet",
    "すごい #日本語 です",
    "the late train was late",
]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("coffee", [0, 1, 2]),
        ("COFFEE", [0, 1, 2]),
        ("#coffee", [0]),
        ("coffee -#coffee", [1, 2]),
        ("coffee tea", [2]),
        ("tea OR love", [0, 2]),
        ('"not coffee"', [2]),
        ('"coffee not"', []),
        ("coffee -tea", [0, 1]),
        ("☕", [0]),
        ("👍", [2]),
        ("-☕ coffee", [1, 2]),
        ("@bob", [0]),
        ("verspätet", [3]),
        ("VERSPÄTET", [3]),
        ("#日本語", [4]),
        ("the", [5]),
        ("!!!", []),
        ("it's \\ ' :* & | <->", []),
    ],
)
async def test_words(api: httpx.AsyncClient, pool: Pool, query: str, found: list[int]) -> None:
    stored = await store(pool, [a_classified_post(content) for content in CONTENTS])
    response = await api.get("/api/posts/search", params={"q": query})
    assert response.status_code == 200
    assert sorted(stored.index(post["id"]) for post in response.json()["posts"]) == found


@pytest.mark.parametrize(
    "query", ["- " * 33, "-" * 200, '"' * 200, "(" * 200, "a OR " * 40, "-#a " * 50, "!" * 200, "\\" * 200]
)
async def test_operators_alone_are_an_answer_or_a_400(api: httpx.AsyncClient, query: str) -> None:
    response = await api.get("/api/posts/search", params={"q": query})
    assert response.status_code in {200, 400}
    if response.status_code == 400:
        assert "query.q" in response.json()["detail"]


async def test_too_many_operators_are_a_400(api: httpx.AsyncClient) -> None:
    assert (await api.get("/api/posts/search", params={"q": "- " * 33})).status_code == 400


async def test_a_hashtag_of_any_length_can_be_stored(pool: Pool) -> None:
    assert await store(pool, [a_classified_post("#" + "é" * 9_000), a_classified_post("x" * 10_000)])


async def test_filters_narrow_and_pages_go_on(api: httpx.AsyncClient, pool: Pool) -> None:
    await store(pool, [a_classified_post("train", label=Label.NEGATIVE)])
    await move_in_time(pool, days=2)
    stored = await store(
        pool,
        [a_classified_post("train", label=Label.NEGATIVE, score=score) for score in (0.5, 0.6, 0.7, 0.95)]
        + [a_classified_post("train", label=Label.POSITIVE), a_classified_post("bus", label=Label.NEGATIVE)],
    )
    now = datetime.now(UTC)
    parameters = {
        "q": "train",
        "label": "negative",
        "source": "test",
        "max_score": "0.9",
        "from": (now - timedelta(days=1)).isoformat(),
        "to": (now + timedelta(days=1)).isoformat(),
        "limit": "2",
    }
    first = (await api.get("/api/posts/search", params=parameters)).json()
    second = (await api.get("/api/posts/search", params=parameters | {"before": first["next"]})).json()
    assert [post["id"] for post in first["posts"] + second["posts"]] == [stored[2], stored[1], stored[0]]
    assert second["next"] is None


async def test_a_search_that_is_ended_says_so_and_goes_on(
    api: httpx.AsyncClient, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime.now(UTC)
    stored = await store(pool, [a_classified_post("train", post_id=an_id(now + timedelta(days=n))) for n in range(5)])
    search: Callable[..., Awaitable[list[ProcessedPost]]] = post_search.search_partition
    partitions = count(1)

    async def end_at_the_third(*arguments: object) -> list[ProcessedPost]:
        if next(partitions) == 3:
            raise QueryCanceled
        return await search(*arguments)

    monkeypatch.setattr(post_search, "search_partition", end_at_the_third)
    first = (await api.get("/api/posts/search", params={"q": "train"})).json()
    assert [post["id"] for post in first["posts"]] == [stored[4], stored[3]]
    assert first["complete"] is False
    rest = (await api.get("/api/posts/search", params={"q": "train", "before": first["next"]})).json()
    assert [post["id"] for post in rest["posts"]] == [stored[2], stored[1], stored[0]]
    assert rest["complete"] is True
    assert rest["next"] is None


async def test_a_search_that_takes_too_long_is_a_503(start_api: StartApi, pool: Pool) -> None:
    await store(pool, [a_classified_post("word " * 2_000) for _ in range(200)])
    async with pool.connection() as connection:
        await connection.execute("DROP INDEX idx_search")
    api = await start_api(api_read_timeout_seconds=0.05)
    response = await api.get("/api/posts/search", params={"q": "missing"})
    assert response.status_code == 503
    assert "too long" in response.json()["detail"]
    assert "retry-after" not in response.headers
