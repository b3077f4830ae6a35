"""Some fields of all entries, whatever else is in them."""

from redis.asyncio import Redis

from sentistream_core.broker.field_pages import field_pages

STREAM = "a_stream"


async def test_every_entry_comes_once_in_order_with_the_fields_asked_for(redis: Redis) -> None:
    async with redis.pipeline(transaction=False) as writes:
        for number in range(1, 2_501):
            writes.xadd(
                STREAM, {"id": f"post {number}", "content": "x"} if number % 2 else {"content": "x"}, id=f"{number}-0"
            )
        await writes.execute()
    pages = [page async for page in field_pages(redis, STREAM, ("id", "op"))]
    assert [len(page) for page in pages] == [1_000, 1_000, 500]
    assert [entry for page in pages for entry, _ in page] == [f"{number}-0" for number in range(1, 2_501)]
    assert pages[0][0] == ("1-0", {b"id": b"post 1"})
    assert pages[0][1] == ("2-0", {})


async def test_it_stops_at_the_end_that_is_given(redis: Redis) -> None:
    for number in range(1, 6):
        await redis.xadd(STREAM, {"content": "x"}, id=f"{number}-0")
    assert [[entry for entry, _ in page] async for page in field_pages(redis, STREAM, (), end="3-0")] == [
        ["1-0", "2-0", "3-0"]
    ]


async def test_without_entries_there_is_no_page(redis: Redis) -> None:
    assert [page async for page in field_pages(redis, STREAM, ("id",))] == []


async def test_large_entries_make_small_pages_and_are_not_passed_on(redis: Redis) -> None:
    """One call to the broker reads a MiB and an entry at most, so that it is never held up for long."""
    for number in range(1, 21):
        await redis.xadd(STREAM, {"id": "i" * 200_000, "content": "c" * 200_000}, id=f"{number}-0")
    pages = [page async for page in field_pages(redis, STREAM, ("id",))]
    assert [len(page) for page in pages] == [3] * 6 + [2]
    assert all(fields == {b"id": b"i" * 100} for page in pages for _, fields in page)
