"""/api/dead-letters: look, replay, delete; one by one and many at once."""

from datetime import UTC, datetime

import httpx
import pytest
from redis.asyncio import Redis

from sentistream_core.broker.streams import DEAD_LETTER_STREAM, POSTS_STREAM
from sentistream_core.dead_letter import DeadLetter, encode_dead_letter

FAILED_AT = datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)


async def add_letter(redis: Redis, number: int = 1, fields: dict[bytes, bytes] | None = None) -> str:
    letter = DeadLetter(
        fields=fields or {b"content": b"text"},
        reason="invalid_utf8",
        detail="content is not UTF-8 at byte 0",
        attempts=2,
        original_stream=POSTS_STREAM,
        original_id=f"{number}-0",
        failed_at=FAILED_AT,
    )
    entry_id = await redis.xadd(DEAD_LETTER_STREAM, encode_dead_letter(letter))  # type: ignore[arg-type]
    assert isinstance(entry_id, bytes)
    return entry_id.decode()


async def test_a_letter_shows_bytes_that_are_no_text_and_cuts_long_values(api: httpx.AsyncClient, redis: Redis) -> None:
    letter_id = await add_letter(redis, fields={b"content": b"\xff!", b"url": b"x" * 1_000_000})
    page = (await api.get("/api/dead-letters")).json()
    [letter] = page["dead_letters"]
    fields = letter.pop("fields")
    assert letter == {
        "dead_letter_id": letter_id,
        "reason": "invalid_utf8",
        "detail": "content is not UTF-8 at byte 0",
        "attempts": 2,
        "original_stream": POSTS_STREAM,
        "original_id": "1-0",
        "failed_at": "2026-05-04T03:02:01Z",
    }
    assert fields["content"] == "\ufffd!"
    assert len(fields["url"]) < 2_100
    assert fields["url"].endswith("[... 1,000,000 bytes in all]")
    assert page["next"] is None


async def test_pages_go_from_the_newest_to_the_oldest(api: httpx.AsyncClient, redis: Redis) -> None:
    letters = [await add_letter(redis, number) for number in range(5)]
    seen = []
    parameters = {"limit": "2"}
    for _ in range(3):
        page = (await api.get("/api/dead-letters", params=parameters)).json()
        seen += [letter["dead_letter_id"] for letter in page["dead_letters"]]
        parameters["before"] = page["next"] or ""
    assert seen == letters[::-1]
    assert page["next"] is None


async def test_a_replay_sends_the_original_bytes_and_removes_the_letter(api: httpx.AsyncClient, redis: Redis) -> None:
    letter_id = await add_letter(redis, fields={b"content": b"\xff", b"id": b"x"})
    response = await api.post(f"/api/dead-letters/{letter_id}/replay")
    assert response.status_code == 202
    assert await redis.xrange(POSTS_STREAM) == [
        (response.json()["entry_id"].encode(), {b"content": b"\xff", b"id": b"x"})
    ]
    assert await redis.xlen(DEAD_LETTER_STREAM) == 0
    assert (await api.post(f"/api/dead-letters/{letter_id}/replay")).status_code == 404


async def test_a_delete_removes_the_letter(api: httpx.AsyncClient, redis: Redis) -> None:
    letter_id = await add_letter(redis)
    response = await api.delete(f"/api/dead-letters/{letter_id}")
    assert (response.status_code, response.content) == (204, b"")
    assert await redis.xlen(DEAD_LETTER_STREAM) == 0
    assert (await api.delete(f"/api/dead-letters/{letter_id}")).status_code == 404


async def test_many_at_once(api: httpx.AsyncClient, redis: Redis) -> None:
    letters = [await add_letter(redis, number) for number in range(4)]
    response = await api.post("/api/dead-letters/replay", json={"dead_letter_ids": [*letters[:2], letters[0], "1-1"]})
    assert response.status_code == 202
    assert [each["dead_letter_id"] for each in response.json()["replayed"]] == letters[:2]
    assert response.json()["missing"] == ["1-1"]
    response = await api.post("/api/dead-letters/delete", json={"dead_letter_ids": letters})
    assert response.json() == {"deleted": 2}
    assert await redis.xlen(POSTS_STREAM) == 2
    assert await redis.xlen(DEAD_LETTER_STREAM) == 0


@pytest.mark.parametrize("letter_id", ["1", "x-0", "99999999999999999999-0", "1-0%00"])
async def test_what_is_no_entry_id_is_a_400(api: httpx.AsyncClient, letter_id: str) -> None:
    assert (await api.delete(f"/api/dead-letters/{letter_id}")).status_code == 400
    assert (await api.get(f"/api/dead-letters?before={letter_id}")).status_code == 400
    assert (await api.post("/api/dead-letters/delete", json={"dead_letter_ids": [letter_id]})).status_code == 400


async def test_before_the_first_possible_id_there_is_nothing(api: httpx.AsyncClient, redis: Redis) -> None:
    await add_letter(redis, 1)
    response = await api.get("/api/dead-letters", params={"before": "0-0"})
    assert response.json() == {"dead_letters": [], "next": None}
