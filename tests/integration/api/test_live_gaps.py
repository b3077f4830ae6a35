"""WS /ws/sentiment: who comes back gets what was missed."""

import pytest
from redis.asyncio import Redis

from sentistream_core.database.pool import Pool
from sentistream_core.sentiment import Label
from support.live import contents, join, next_frame
from support.posts import a_classified_post, publish, store
from support.streams import PARTITION
from support.waiting import eventually


@pytest.mark.parametrize(("query", "missed"), [("", ["a", "b", "c"]), ("label=negative", ["b"])])
async def test_who_comes_back_gets_what_he_missed(live: str, redis: Redis, query: str, missed: list[str]) -> None:
    await publish(redis, [a_classified_post("before")])
    async with join(live) as client:
        await next_frame(client, "snapshot")
        await publish(redis, [a_classified_post("seen")])
        seen = await eventually(lambda: next_frame(client, "update"), lambda update: "seen" in contents([update]))
    cursor = seen["cursor"]
    labels = {"b": Label.NEGATIVE}
    await publish(redis, [a_classified_post(content, label=labels.get(content, Label.NEUTRAL)) for content in "abc"])
    async with join(live, f"{query}&since={cursor}") as client:
        snapshot = await next_frame(client, "snapshot")
    assert snapshot["gap_filled"]
    assert contents([snapshot]) == missed


@pytest.mark.parametrize("reason", ["too many", "trimmed"])
async def test_a_gap_that_cannot_be_filled_is_said_so(live: str, redis: Redis, pool: Pool, reason: str) -> None:
    await store(pool, [a_classified_post("the newest")])
    await publish(redis, [a_classified_post("seen")])
    async with join(live) as client:
        cursor = (await next_frame(client, "snapshot"))["cursor"]
    await publish(redis, [a_classified_post()] * (501 if reason == "too many" else 3))
    if reason == "trimmed":
        await redis.xtrim(PARTITION.processed, maxlen=1, approximate=False)
    async with join(live, f"since={cursor}") as client:
        snapshot = await next_frame(client, "snapshot")
    assert not snapshot["gap_filled"]
    assert contents([snapshot]) == ["the newest"]
