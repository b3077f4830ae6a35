"""GET /api/terms: the words behind a change, with examples."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from sentistream_core.database import post_sample
from sentistream_core.database.pool import Pool
from sentistream_core.database.posts import PostFilter, store_posts
from sentistream_core.sentiment import Label
from support.posts import a_classified_post

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SPAN = {"from": (NOW - HOUR).isoformat(), "to": NOW.isoformat()}

USUAL = ["the kestrel is a fine car", "nice weather at the coast", "the train is late again", "coffee with friends"]
INCIDENT = "the kestrel has brake failure #recall 😡"


async def store_at(
    pool: Pool, time: datetime, contents: Sequence[str], *, label: Label = Label.NEUTRAL, source: str = "test"
) -> list[str]:
    """Store posts that were written from that time on, a second apart; their ids."""
    posts = [a_classified_post(content, label=label, source=source) for content in contents]
    await store_posts(pool, posts)
    ids = [post.post.id for post in posts]
    async with pool.connection() as connection:
        await connection.execute(
            """
            UPDATE posts SET event_time = %s::timestamptz + written.number * INTERVAL '1 second'
            FROM unnest(%s::uuid[]) WITH ORDINALITY AS written (id, number) WHERE posts.id = written.id
            """,
            [time, ids],
        )
    return [str(each) for each in ids]


async def test_an_incident_is_named_with_an_example(api: httpx.AsyncClient, pool: Pool) -> None:
    await store_at(pool, NOW - 2 * HOUR, USUAL * 50)
    await store_at(pool, NOW - HOUR, USUAL * 50)
    incident = await store_at(pool, NOW - HOUR / 2, [INCIDENT] * 20, label=Label.NEGATIVE)
    answer = (await api.get("/api/terms", params=SPAN)).raise_for_status().json()
    assert (answer["posts"], answer["against_posts"], answer["complete"]) == (220, 200, True)
    found = {term["term"]: term for term in answer["terms"]}
    assert {"brake failure", "#recall", "😡"} <= found.keys()
    assert found.keys().isdisjoint({"the", "kestrel", "brake", "failure", "coffee"})
    pair = found["brake failure"]
    assert (pair["kind"], pair["posts"], pair["against_posts"], pair["times"]) == ("pair", 20, 0, None)
    assert pair["example"] == incident[-1]
    for term in answer["terms"]:
        posts = (await api.get("/api/posts/search", params={"q": term["search"]})).json()["posts"]
        assert {post["id"] for post in posts} <= set(incident)
        assert posts


@pytest.mark.parametrize(
    ("asked", "compared"),
    [
        ({"against": "previous"}, 4),
        ({"against": "yesterday"}, 8),
        ({"against": "all", "label": "negative"}, 18),
        ({"against": "all", "source": "feed"}, 18),
    ],
)
async def test_what_is_compared(api: httpx.AsyncClient, pool: Pool, asked: dict[str, str], compared: int) -> None:
    await store_at(pool, NOW - 2 * HOUR, USUAL)
    await store_at(pool, NOW - 25 * HOUR, USUAL * 2)
    await store_at(pool, NOW - HOUR, USUAL * 3, label=Label.NEGATIVE, source="feed")
    await store_at(pool, NOW - HOUR, USUAL[:2] * 3)
    answer = (await api.get("/api/terms", params=SPAN | asked)).raise_for_status().json()
    assert answer["posts"] == (12 if asked["against"] == "all" else 18)
    assert answer["against_posts"] == compared


async def test_a_sample_is_spread_over_the_time_and_the_same_each_time(pool: Pool) -> None:
    await store_at(pool, NOW - HOUR, [f"post {number}" for number in range(3_000)])
    samples = [
        await post_sample.sample_posts(pool, NOW - HOUR, NOW, where=PostFilter(label=Label.NEUTRAL), limit=100)
        for _ in range(2)
    ]
    assert samples[0] == samples[1]
    assert not samples[0].complete
    numbers = [int(content.removeprefix("post ")) for content in samples[0].contents.values()]
    assert numbers == sorted(numbers)
    assert len(numbers) >= 80
    assert max(numbers) > 2_900


async def test_what_quiet_times_leave_of_a_sample_goes_to_a_busy_one(pool: Pool) -> None:
    await store_at(pool, NOW - HOUR, ["quiet"] * 5)
    await store_at(pool, NOW - HOUR / 2, ["busy"] * 70)
    sample = await post_sample.sample_posts(pool, NOW - HOUR, NOW, where=PostFilter(), limit=100)
    assert len(sample.contents) == 75
    assert sample.complete


async def test_nothing_stands_out_where_nothing_is(api: httpx.AsyncClient) -> None:
    answer = (await api.get("/api/terms")).raise_for_status().json()
    assert (answer["posts"], answer["terms"], answer["complete"]) == (0, [], True)
    assert datetime.fromisoformat(answer["to"]) - datetime.fromisoformat(answer["from"]) == HOUR


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({"against": "all"}, "query.against"),
        ({"against": "yesterday", "from": "2026-05-01T00:00:00Z", "to": "2026-05-03T00:00:00Z"}, "query.against"),
        ({"from": "2026-05-03T00:00:00Z", "to": "2026-05-03T00:00:00Z"}, "query.from"),
        ({"from": "1960-05-03T00:00:00Z", "to": "1960-05-03T01:00:00Z"}, "query.from"),
        ({"to": "2300-05-03T00:00:00Z"}, "query.to"),
        ({"label": "angry"}, "query.label"),
        ({"limit": "0"}, "query.limit"),
    ],
)
async def test_a_question_without_sense_is_refused(api: httpx.AsyncClient, asked: dict[str, str], named: str) -> None:
    response = await api.get("/api/terms", params=asked)
    assert response.status_code == 400
    assert named in response.json()["detail"]
