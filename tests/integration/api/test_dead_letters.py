"""/api/dead-letters: look, replay, delete; one by one and many at once."""

import httpx
import pytest
from redis.asyncio import Redis

from sentistream_core.dead_letter import ADDED_FIELDS
from sentistream_core.identifiers import id_without_secret
from support.dead_letters import add_letter
from support.streams import PARTITION, entries


async def test_a_letter_shows_bytes_that_are_no_text_and_cuts_long_values(api: httpx.AsyncClient, redis: Redis) -> None:
    letter_id = await add_letter(redis, fields={b"content": b"\xff!", b"url": b"x" * 1_000_000})
    page = (await api.get("/api/dead-letters")).json()
    [letter] = page["dead_letters"]
    fields = letter.pop("fields")
    assert letter.pop("fields_left_out") == 0
    assert letter == {
        "dead_letter_id": letter_id,
        "reason": "invalid_utf8",
        "detail": "content is not UTF-8 at byte 0",
        "attempts": 2,
        "original_stream": PARTITION.posts,
        "original_id": "1-0",
        "failed_at": "2026-05-04T03:02:01Z",
    }
    assert fields["content"] == "\ufffd!"
    assert len(fields["url"]) < 2_100
    assert fields["url"].endswith("[... 1,000,000 bytes in all]")
    assert page["next"] is None


async def test_a_letter_with_many_fields_shows_the_first_and_how_many_more_there_are(
    api: httpx.AsyncClient, redis: Redis
) -> None:
    await add_letter(redis, fields={f"field-{number}".encode(): b"x" * 1_000 for number in range(100)})
    [letter] = (await api.get("/api/dead-letters")).json()["dead_letters"]
    assert list(letter["fields"])[:2] == ["field-0", "field-1"]
    assert len(letter["fields"]) + letter["fields_left_out"] == 100
    assert letter["fields_left_out"] > 50


async def test_entries_that_no_worker_wrote_hide_no_letter(api: httpx.AsyncClient, redis: Redis) -> None:
    letters = [await add_letter(redis, 1), await add_letter(redis, 2)]
    async with redis.pipeline(transaction=False) as foreign:
        for number in range(2_500):
            foreign.xadd(PARTITION.dead_letters, {"reason": "x", "number": number})
        foreign.xadd(PARTITION.dead_letters, dict.fromkeys(map(bytes.decode, ADDED_FIELDS), b"\xff"))
        await foreign.execute()
    page = (await api.get("/api/dead-letters", params={"limit": 1})).json()
    assert [letter["dead_letter_id"] for letter in page["dead_letters"]] == letters[1:]
    page = (await api.get("/api/dead-letters", params={"limit": 1, "before": page["next"]})).json()
    assert [letter["dead_letter_id"] for letter in page["dead_letters"]] == letters[:1]
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
    assert await redis.xrange(PARTITION.posts) == [
        (response.json()["entry_id"].encode(), {b"content": b"\xff", b"id": b"x"})
    ]
    assert await redis.xlen(PARTITION.dead_letters) == 0
    assert (await api.post(f"/api/dead-letters/{letter_id}/replay")).status_code == 404


async def test_a_replayed_post_without_an_id_gets_that_of_its_first_delivery(
    api: httpx.AsyncClient, redis: Redis
) -> None:
    letter_id = await add_letter(redis, 7, fields={b"content": b"text", b"content-length": b"4"})
    assert (await api.post(f"/api/dead-letters/{letter_id}/replay")).status_code == 202
    [(_, fields)] = await entries(redis, PARTITION.posts)
    assert fields == {b"content": b"text", b"content-length": b"4", b"id": str(id_without_secret("7-0")).encode()}


async def test_a_letter_that_cannot_be_written_back_stays(api: httpx.AsyncClient, redis: Redis) -> None:
    letter_id = await add_letter(redis)
    await redis.set(PARTITION.posts, "no stream")
    assert (await api.post(f"/api/dead-letters/{letter_id}/replay")).status_code == 503
    assert await redis.xlen(PARTITION.dead_letters) == 1


async def test_a_delete_removes_the_letter(api: httpx.AsyncClient, redis: Redis) -> None:
    letter_id = await add_letter(redis)
    response = await api.delete(f"/api/dead-letters/{letter_id}")
    assert (response.status_code, response.content) == (204, b"")
    assert await redis.xlen(PARTITION.dead_letters) == 0
    assert (await api.delete(f"/api/dead-letters/{letter_id}")).status_code == 404


async def test_many_at_once(api: httpx.AsyncClient, redis: Redis) -> None:
    letters = [await add_letter(redis, number) for number in range(4)]
    response = await api.post("/api/dead-letters/replay", json={"dead_letter_ids": [*letters[:2], letters[0], "1-1"]})
    assert response.status_code == 202
    assert [each["dead_letter_id"] for each in response.json()["replayed"]] == letters[:2]
    assert response.json()["missing"] == ["1-1"]
    response = await api.post("/api/dead-letters/delete", json={"dead_letter_ids": letters})
    assert response.json() == {"deleted": 2}
    assert await redis.xlen(PARTITION.posts) == 2
    assert await redis.xlen(PARTITION.dead_letters) == 0


@pytest.mark.parametrize("letter_id", ["1", "x-0", "99999999999999999999-0", "1-0%00"])
async def test_what_is_no_entry_id_is_refused(api: httpx.AsyncClient, letter_id: str) -> None:
    assert (await api.delete(f"/api/dead-letters/{letter_id}")).status_code == 404
    assert (await api.get(f"/api/dead-letters?before={letter_id}")).status_code == 400
    assert (await api.post("/api/dead-letters/delete", json={"dead_letter_ids": [letter_id]})).status_code == 400


async def test_before_the_first_possible_id_there_is_nothing(api: httpx.AsyncClient, redis: Redis) -> None:
    await add_letter(redis, 1)
    response = await api.get("/api/dead-letters", params={"before": "0-0"})
    assert response.json() == {"dead_letters": [], "next": None}


async def test_letters_of_a_stream_that_nobody_reads_stay_and_all_others_are_replayed(
    api: httpx.AsyncClient, redis: Redis
) -> None:
    foreign = await add_letter(redis, 1, original_stream="elsewhere")
    await add_letter(redis, 2)
    letters = [each["dead_letter_id"] for each in (await api.get("/api/dead-letters")).json()["dead_letters"]]
    for path, body in ((f"/{foreign}/replay", None), ("/replay", {"dead_letter_ids": letters})):
        response = await api.post(f"/api/dead-letters{path}", json=body)
        assert response.status_code == 409
        assert foreign in response.json()["detail"]
    assert [entry_id for entry_id, _ in await entries(redis, PARTITION.dead_letters)] == [foreign]
    assert await redis.xlen(PARTITION.posts) == 1
    assert not await redis.exists("elsewhere")


async def test_a_letter_of_a_partition_that_there_is_not_is_not_found(api: httpx.AsyncClient, redis: Redis) -> None:
    letter_id = await add_letter(redis)
    assert (await api.post(f"/api/dead-letters/{letter_id}@p1/replay")).status_code == 404
    assert (await api.delete(f"/api/dead-letters/{letter_id}@p1")).status_code == 404
    assert await redis.xlen(PARTITION.dead_letters) == 1
