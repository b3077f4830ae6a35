"""GET /api/posts/export: everything that matches, in constant memory, to be gone on with."""

import csv
import json
from io import StringIO
from typing import Any

import httpx
import psutil
import pytest

from integration.api.conftest import StartApi
from sentistream_api.features.posts.export import Exports
from sentistream_core.database.pool import Pool
from sentistream_core.database.posts import ALL_POSTS, store_posts
from sentistream_core.sentiment import Label
from support.posts import a_classified_post, store

URL = "/api/posts/export"
FILL = """
INSERT INTO posts (id, content, sentiment_label, sentiment_score, score_positive, score_neutral, score_negative,
    source, posted_at, model, stream_id, read_at, classified_at, "timestamp")
SELECT gen_random_uuid(), 'post ' || number, 'neutral', 0.5, 0, 0, 0,
    'test', now(), 'words-1', number || '-0', now(), now(), now() - number * INTERVAL '1 second'
FROM generate_series(1, %s::int) AS number
"""


async def lines(api: httpx.AsyncClient, **parameters: str) -> list[dict[str, Any]]:
    answer = (await api.get(URL, params=parameters)).raise_for_status()
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert "etag" not in answer.headers, "what is streamed is not kept"
    return [json.loads(line) for line in answer.text.splitlines()]


async def test_all_posts_in_the_order_of_the_pages(api: httpx.AsyncClient, pool: Pool) -> None:
    for _ in range(2):
        await store_posts(pool, [a_classified_post(f"post {number}") for number in range(600)])
    found = await lines(api)
    async with pool.connection() as connection:
        cursor = await connection.execute("SELECT id::text FROM posts ORDER BY timestamp DESC, id DESC")
        assert [post["id"] for post in found] == [row[0] for row in await cursor.fetchall()]
    [page] = (await api.get("/api/posts/recent?limit=1")).json()["posts"]
    assert {key: value for key, value in found[0].items() if key != "cursor"} == page


async def test_an_export_that_broke_off_is_gone_on_with(api: httpx.AsyncClient, pool: Pool) -> None:
    await store_posts(pool, [a_classified_post(f"post {number}") for number in range(600)])
    whole = await lines(api)
    for line in (0, 499, 500, 598):
        assert await lines(api, before=whole[line]["cursor"]) == whole[line + 1 :]
    assert await lines(api, before=whole[-1]["cursor"]) == []
    rest = await api.get(URL, params={"before": whole[597]["cursor"], "format": "csv"})
    assert [row[0] for row in csv.reader(StringIO(rest.text))] == [post["id"] for post in whole[598:]]


async def test_the_filters_of_search(api: httpx.AsyncClient, pool: Pool) -> None:
    await store(
        pool,
        [
            a_classified_post("good coffee", label=Label.POSITIVE, source="a"),
            a_classified_post("bad coffee", label=Label.NEGATIVE, source="a"),
            a_classified_post("good tea", label=Label.POSITIVE, source="b"),
        ],
    )
    assert [post["content"] for post in await lines(api, q="coffee", label="positive")] == ["good coffee"]
    assert [post["content"] for post in await lines(api, source="b")] == ["good tea"]
    assert await lines(api, to="2020-01-01T00:00:00Z") == []
    assert (await api.get(URL, params={"from": "yesterday"})).status_code == 400


async def test_a_table_in_which_nothing_is_a_formula(api: httpx.AsyncClient, pool: Pool) -> None:
    contents = ["=1+1", "+1", "-1", "@here", "\tx", "\rx", 'a "quoted", line\nand another']
    await store(pool, [a_classified_post(content, source="=cmd") for content in contents])
    answer = await api.get(URL, params={"format": "csv"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="posts.csv"'
    rows = list(csv.DictReader(StringIO(answer.text, newline="")))
    assert [row["content"] for row in rows][::-1] == [*(f"'{content}" for content in contents[:-1]), contents[-1]]
    assert {row["source"] for row in rows} == {"'=cmd"}
    assert {row["sentiment_label"] for row in rows} == {"neutral"}


async def test_without_posts_there_is_a_header_alone(api: httpx.AsyncClient) -> None:
    assert (await api.get(URL)).text == ""
    assert (await api.get(URL, params={"format": "csv"})).text.startswith("id,posted_at,")


async def test_a_head_reads_no_posts_to_the_end(api: httpx.AsyncClient, pool: Pool) -> None:
    await store(pool, [a_classified_post()])
    assert (await api.head(URL)).content == b""


async def test_exports_have_a_rate_of_their_own(start_api: StartApi) -> None:
    api = await start_api(export_rate_limit="1/day")
    assert [(await api.get(URL)).status_code for _ in range(2)] == [200, 429]
    assert (await api.get("/api/posts/recent")).status_code == 200


async def test_memory_is_constant_and_no_connection_is_held(pool: Pool) -> None:
    async with pool.connection() as connection:
        await connection.execute("SET statement_timeout = 0")
        await connection.execute(FILL, [50_000])
    exports, read, process = Exports(), 0, psutil.Process()
    async for part in exports.parts(pool, ALL_POSTS, await exports.part(pool, ALL_POSTS, None)):
        read += len(part.posts)
        assert pool.get_stats()["pool_available"] == pool.get_stats()["pool_size"], "while the client takes it"
        if read == 10_000:
            early = process.memory_info().rss
    assert read == 50_000
    assert process.memory_info().rss - early < 20_000_000, "a fourth of what the other posts take"


@pytest.mark.parametrize(
    ("asked", "found"), [("en", {"en", "en-GB"}), ("EN-gb", {"en-GB"}), ("e", None), ("pt", set())]
)
async def test_posts_of_a_language(api: httpx.AsyncClient, pool: Pool, asked: str, found: set[str] | None) -> None:
    await store(pool, [a_classified_post(lang=lang) for lang in ("en", "en-GB", "eng", "de", None)])
    for path in ("/api/posts/recent", "/api/posts/search"):
        answer = await api.get(path, params={"lang": asked})
        if found is None:
            assert answer.status_code == 400
        else:
            assert {post["lang"] for post in answer.json()["posts"]} == found
