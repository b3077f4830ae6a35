"""POST /api/ingest/{name}: any JSON of a configured source."""

import json
import time
from typing import Any

import httpx
import pytest
from pydantic import SecretStr, ValidationError
from redis.asyncio import Redis

from integration.api.conftest import StartApi
from sentistream_api.features.webhooks.settings import WebhookMapping
from sentistream_api.features.webhooks.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER, sign
from sentistream_api.settings import ApiSettings
from support.ingesting import posts
from support.streams import PARTITION

SECRET = "a secret of the tests, long enough to be one"  # noqa: S105 (signs the requests of these tests)
SHOP = WebhookMapping(
    posts="/reviews", content="/text", id="/id", created_at="/at", author="/by/name", lang="/lang", url="/links/0"
)
REVIEW: dict[str, Any] = {
    "id": 17,
    "text": " Three stars ",
    "at": 1_777_863_721_000,
    "by": {"name": "ada"},
    "lang": "en",
    "links": ["https://shop.example/17"],
    "stars": 3,
}


@pytest.fixture
async def api(start_api: StartApi) -> httpx.AsyncClient:
    secrets = dict.fromkeys(("shop", "plain", "slow"), SecretStr(SECRET))
    return await start_api(
        api_webhooks={
            "shop": SHOP,
            "plain": WebhookMapping(content="", source="notes"),
            "slow": WebhookMapping(content="/text", rate_limit="2/day"),
        },
        api_webhooks_secret=secrets,
        api_max_body_bytes=10_000,
    )


async def send(api: httpx.AsyncClient, name: str, body: Any, **headers: str) -> httpx.Response:  # noqa: ANN401 (any JSON)
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    now = int(time.time())
    signed = {TIMESTAMP_HEADER: str(now), SIGNATURE_HEADER: sign(SECRET, now, raw), "Content-Type": "application/json"}
    return await api.post(f"/api/ingest/{name}", content=raw, headers={**signed, **headers})


async def test_what_a_platform_sends_becomes_posts_by_the_mapping(api: httpx.AsyncClient, redis: Redis) -> None:
    response = await send(api, "shop", {"reviews": [REVIEW, {"id": "x", "text": "Second", "by": None}]})
    assert response.status_code == 202, response.text
    first, second = await posts(redis)
    assert response.json()["ids"] == [str(first.id), str(second.id)]
    assert (first.content, first.source, first.author, first.lang) == ("Three stars", "shop", "ada", "en")
    assert (first.url, first.created_at.isoformat()) == ("https://shop.example/17", "2026-05-04T03:02:01+00:00")
    assert (second.content, second.author) == ("Second", None)


async def test_a_post_that_is_sent_again_has_the_same_id(api: httpx.AsyncClient) -> None:
    answers = [await send(api, "shop", {"reviews": body}) for body in ([REVIEW], {**REVIEW, "stars": 1})]
    assert answers[0].json()["ids"] == answers[1].json()["ids"]


async def test_a_body_may_be_a_post_and_need_not_say_that_it_is_json(api: httpx.AsyncClient, redis: Redis) -> None:
    response = await send(api, "plain", "just words", **{"Content-Type": "text/plain"})
    assert response.status_code == 202, response.text
    assert [(post.content, post.source) for post in await posts(redis)] == [("just words", "notes")]


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({}, "/reviews: there is nothing"),
        ([], "/reviews: there is nothing"),
        ({"reviews": []}, "/reviews: 0 posts, 1 to 1,000 are taken"),
        ({"reviews": [REVIEW, {"id": 1}]}, "/reviews/1/text (content): "),
        ({"reviews": [REVIEW, 5]}, "/reviews/1/text (content): "),
        ({"reviews": [{**REVIEW, "text": "a\0"}]}, "/reviews/0/text (content): "),
        ({"reviews": [{**REVIEW, "text": {"en": "x"}}]}, "/reviews/0/text: a string or a number is expected"),
        ({"reviews": [{**REVIEW, "id": None}]}, "/reviews/0/id (id): there is nothing"),
        ({"reviews": [{**REVIEW, "at": "yesterday"}]}, "/reviews/0/at (created_at): "),
        ({"reviews": [{**REVIEW, "at": 1e300}]}, "/reviews/0/at (created_at): "),
        ({"reviews": [{**REVIEW, "links": ["ftp://x"]}]}, "/reviews/0/links/0 (url): "),
        (b"{", "JSON"),
    ],
)
async def test_a_mapping_that_does_not_fit_reports_where_and_nothing_is_written(
    api: httpx.AsyncClient, redis: Redis, body: object, place: str
) -> None:
    response = await send(api, "shop", body)
    assert response.status_code == 400, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert place in response.json()["detail"]
    assert await redis.xlen(PARTITION.posts) == 0


async def test_only_who_knows_the_secret_may_send_and_only_now(api: httpx.AsyncClient, redis: Redis) -> None:
    raw = json.dumps({"reviews": [REVIEW]}).encode()
    late = int(time.time()) - 301
    wrong = [
        {SIGNATURE_HEADER: sign("another secret, which is as long as that", int(time.time()), raw)},
        {SIGNATURE_HEADER: sign(SECRET, int(time.time()), raw + b" ")},
        {SIGNATURE_HEADER: ""},
        {TIMESTAMP_HEADER: ""},
        {TIMESTAMP_HEADER: "9" * 5_000},
        {TIMESTAMP_HEADER: str(late), SIGNATURE_HEADER: sign(SECRET, late, raw)},
    ]
    for headers in wrong:
        assert (await send(api, "shop", raw, **headers)).status_code == 401, headers
    assert (await send(api, "unknown", raw)).status_code == 404
    assert (await send(api, "shop", b" " * 10_001)).status_code == 413
    assert await redis.xlen(PARTITION.posts) == 0


async def test_a_webhook_has_a_rate_of_its_own_which_only_signed_requests_use(api: httpx.AsyncClient) -> None:
    for _ in range(3):
        assert (await send(api, "slow", {"text": "x"}, **{SIGNATURE_HEADER: "no"})).status_code == 401
    statuses = [(await send(api, "slow", {"text": "x"})).status_code for _ in range(3)]
    assert statuses == [202, 202, 429]
    assert (await send(api, "plain", "x")).status_code == 202


@pytest.mark.parametrize(
    "webhooks", ["no json", '{"shop": {"content": "text"}}', '{"Shop": {"content": ""}}', '{"shop": {"id": "/x"}}']
)
def test_settings_that_do_not_fit_are_refused(monkeypatch: pytest.MonkeyPatch, webhooks: str) -> None:
    monkeypatch.setenv("SENTISTREAM_API_WEBHOOKS", webhooks)
    monkeypatch.setenv("SENTISTREAM_API_WEBHOOKS_SECRET", json.dumps({"shop": SECRET, "Shop": SECRET}))
    with pytest.raises(ValidationError):
        ApiSettings()


def test_a_webhook_without_a_secret_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENTISTREAM_API_WEBHOOKS", '{"shop": {"content": ""}}')
    with pytest.raises(ValidationError, match="'shop' needs 32 bytes in SENTISTREAM_API_WEBHOOKS_SECRET"):
        ApiSettings()
