"""Bodies of requests: how large, how many at once, and from whom they are read."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from pydantic import SecretStr

from integration.api.conftest import StartApi
from sentistream_api.app import create_app
from sentistream_api.settings import ApiSettings
from support.tokens import SECRET
from support.waiting import eventually

# The sender of a webhook is known by the signature of its body.
TAKES_BODY = [
    (method, path.format(post_id=uuid4(), dead_letter_id="1-0"))
    for path, methods in create_app(ApiSettings()).openapi()["paths"].items()
    for method, operation in methods.items()
    if "requestBody" in operation and path != "/api/ingest/{name}"
]


@pytest.mark.parametrize(("method", "path"), TAKES_BODY)
async def test_a_body_is_not_read_before_its_sender_is_known(start_api: StartApi, method: str, path: str) -> None:
    api = await start_api(jwt_secret=SecretStr(SECRET), rate_limit="2/day")

    async def body() -> AsyncIterator[bytes]:
        pytest.fail("the body was read")
        yield b""

    async def send() -> int:
        headers = {"content-type": "application/json"}
        return (await api.request(method, path, content=body(), headers=headers)).status_code

    assert await send() == 401
    await eventually(send, lambda status: status == 429)


async def test_what_is_no_json_counts_against_the_rate(start_api: StartApi) -> None:
    api = await start_api(rate_limit="2/day")

    async def send() -> int:
        headers = {"content-type": "application/json"}
        return (await api.post("/api/posts", content=b"{", headers=headers)).status_code

    assert await send() == 400
    await eventually(send, lambda status: status == 429)


async def test_bodies_over_what_a_process_holds_are_a_503(start_api: StartApi) -> None:
    api = await start_api(api_max_body_bytes=2_000)
    may_end = asyncio.Event()
    coming = 0

    async def slow() -> AsyncIterator[bytes]:
        nonlocal coming
        yield b'{"content": "' + b"x" * 1_900
        coming += 1
        await may_end.wait()
        yield b'"}'

    headers = {"content-type": "application/json"}
    others = [asyncio.create_task(api.post("/api/posts", content=slow(), headers=headers)) for _ in range(4)]
    await eventually(lambda: asyncio.sleep(0, coming), lambda coming: coming == 4)
    response = await api.post("/api/posts", json={"content": "x" * 1_000})
    assert response.status_code == 503
    assert response.headers["retry-after"]
    may_end.set()
    assert [(await other).status_code for other in others] == [202] * 4
    assert (await api.post("/api/posts", json={"content": "x" * 1_000})).status_code == 202


async def test_a_large_body_is_a_413(start_api: StartApi) -> None:
    api = await start_api(api_max_body_bytes=2_000)

    async def chunks() -> object:
        for _ in range(30):
            yield b"x" * 100
            await asyncio.sleep(0)

    for content in (b"x" * 3_000, chunks()):
        response = await api.post("/api/posts", content=content, headers={"content-type": "application/json"})  # type: ignore[arg-type]
        assert response.status_code == 413
        assert response.headers["content-type"] == "application/problem+json"
